"""Tests of the families of event words: what each type is told with in news, and their false friends.

Sentences are bare and about invented states. A false friend may name another act; it must not name that of its type.
"""

import pandas as pd
import pytest

from helpers import actors, events
from helpers.codebook import load_codebook

COUNTRIES = """country,name,other_names,metonyms,demonyms,ambiguous
NOR,Norvia,,Sund,Norvian;Norvians,
KES,Kestria,,Port Kes,Kestrian;Kestrians,
"""
TOLD = {
    "AGREE": ["sent out feelers to Kestria", "ironed out its differences with Kestria", "gave its word to Kestria"],
    "CONSULT": ["reached out to Kestria", "compared notes with Kestria", "sounded out Kestria"],
    "SUPPORT": ["threw its weight behind Kestria", "mended fences with Kestria", "vouched for Kestria"],
    "COOPERATE": ["pumped gas to Kestria", "tipped off Kestria about the plot", "opened a rail link with Kestria"],
    "AID": ["airdropped food in Kestria", "took in Kestrian refugees", "bailed out Kestria"],
    "CONCEDE": ["made a U-turn on the tax", "caved in to Kestria", "granted Kestria a waiver"],
    "RETREAT": ["unfroze Kestrian assets", "let the Kestrian sailors go", "ceded territory to Kestria"],
    "REQUEST": ["begged Kestria for help", "entreated Kestria to stop", "turned to Kestria for help"],
    "ACCUSE": ["traded barbs with Kestria", "branded the Kestrian vote a sham", "handed a demarche to Kestria"],
    "REJECT": ["scuppered the deal", "reneged on the deal", "dragged its feet on the deal"],
    "THREATEN": ["rattled its sabre at Kestria", "drew a red line for Kestria", "held Kestria to ransom"],
    "SANCTION": ["slapped tariffs on Kestrian steel", "shut its consulate in Kestria", "sealed its border"],
    "MOBILIZE": ["test-fired a missile", "laid mines in the strait", "shadowed a Kestrian warship"],
    "COERCE": ["muzzled the press", "commandeered a Kestrian ship", "hacked into Kestrian servers"],
    "ASSAULT": ["dropped bombs on Kestria", "pounded Port Kes with artillery", "shot down a Kestrian drone"],
}
FRIENDS = [
    ("SANCTION", "Norvia withdrew its troops from Kestria."),
    ("SANCTION", "The Norvian bakery stopped selling rye bread."),
    ("COERCE", "The Norvian gardener surrounded the town hall with roses."),
    ("COERCE", "Snow closed the bridge in Norvia."),
    ("ASSAULT", "A typhoon devastated a Norvian town."),
    ("ASSAULT", "Norvia hit its sales target for ships."),
    ("MOBILIZE", "Norvia launched a weather satellite."),
    ("ACCUSE", "The Norvian chef tore into a loaf."),
    ("REJECT", "The goalkeeper of Norvia parried the shot."),
    ("THREATEN", "The Norvian singer flexed her muscles at the gym."),
    ("RETREAT", "The Norvian singer released an album."),
    ("CONCEDE", "The Norvian hospital admitted three patients."),
    ("AID", "The Norvian goalkeeper saved a penalty."),
    ("PROTEST", "Norvia's river flooded the streets."),
    ("SUPPORT", "The Norvian driver took the left side."),
    ("COOPERATE", "The Norvian worker paid his debt to the tavern."),
    ("CONSULT", "The minister of Norvia addressed the envelope to parliament."),
    ("REQUEST", "The Norvian film needs to pay back its costs."),
]


@pytest.fixture(scope="module")
def types(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case") / "codebook"
    folder.mkdir()
    (folder / "countries.csv").write_text(COUNTRIES, encoding="utf-8")
    book = load_codebook(folder)

    def told(sentence: str) -> set[str]:
        table = pd.DataFrame({"start": [0], "end": [len(sentence)], "sentence_id": ["s"], "paragraph": [1]})
        named = actors.mentions(sentence, table, book, None)
        return set(events.event_mentions(sentence, table, named, codebook=book)["type"])

    return told


@pytest.mark.parametrize(("kind", "deed"), [(kind, deed) for kind, deeds in TOLD.items() for deed in deeds])
def test_the_words_of_news_name_their_type(types, kind, deed):
    assert kind in types(f"Norvia {deed}.")


@pytest.mark.parametrize(("kind", "sentence"), FRIENDS)
def test_false_friends_do_not(types, kind, sentence):
    assert kind not in types(sentence)


@pytest.mark.parametrize("sentence", [
    "Norvian unions staged a go-slow.", "Activists in Norvia chained themselves to the gate.",
    "Norvian troops mutinied over pay."])
def test_people_protest(types, sentence):
    assert "PROTEST" in types(sentence)
