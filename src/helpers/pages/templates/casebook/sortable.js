// Tables of class "sortable": a button in every heading sorts, a field above filters, a button saves what is shown as CSV.
// What stands in a cell is read and moved as text or as a whole row; nothing is ever made into markup.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0], rows = [...body.rows], heads = [...table.tHead.rows[0].cells];
  const words = (row, n) => row.cells[n].textContent.trim();
  const key = (row, n) => row.cells[n].querySelector("time")?.dateTime ?? words(row, n);    // a date by its day
  const number = text => /^[-−+]?[\d,. ]*\d$/.test(text) ? Number(text.replace("−", "-").replace(/[, ]/g, "")) : NaN;
  const make = (tag, text = "", more = {}) => Object.assign(document.createElement(tag), { textContent: text, ...more });
  const bar = make("p", "", { className: "sorting" });
  const label = make("label", "Show rows with "), field = make("input", "", { type: "search", size: 18 });
  const status = make("span"), save = make("button", "Save as CSV", { type: "button" });
  status.setAttribute("role", "status");
  label.append(field);
  bar.append(label, " ", status, " ", save);
  (table.closest(".scroll") ?? table).before(bar);

  function filter() {
    const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !wanted.every(word => row.textContent.toLowerCase().includes(word));
    const shown = rows.filter(row => !row.hidden).length;
    status.textContent = `${shown} of ${rows.length} rows. The headings sort.`;
  }

  function sort(n) {
    const down = heads[n].getAttribute("aria-sort") === "ascending";
    const numbers = rows.every(row => key(row, n) === "" || !Number.isNaN(number(key(row, n))));
    const order = [...body.rows].sort((a, b) => {
      const [one, two] = [key(a, n), key(b, n)];
      if (one === "" || two === "") return (one === "") - (two === "");
      const by = numbers ? number(one) - number(two) : one.localeCompare(two, "en", { numeric: true });
      return down ? -by : by;
    });
    heads.forEach((head, k) => head.setAttribute("aria-sort", k !== n ? "none" : down ? "descending" : "ascending"));
    body.append(...order);
  }

  heads.forEach((head, n) => {
    const button = make("button", head.textContent, { type: "button" });
    head.replaceChildren(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sort(n));
  });
  field.addEventListener("input", filter);
  addEventListener("hashchange", () => {      // a mark of a figure leads to a row that the filter hides
    const row = rows.find(row => row.id && `#${row.id}` === decodeURIComponent(location.hash));
    if (row?.hidden) { field.value = ""; filter(); row.scrollIntoView(); }
  });
  save.addEventListener("click", () => {
    const quoted = text => /^\s*[=+\-@＝＋－＠]/.test(text) && Number.isNaN(number(text)) ? `"'${text.replaceAll('"', '""')}"`
      : `"${text.replaceAll('"', '""')}"`;
    const lines = [heads.map(head => quoted(head.textContent.trim()))];
    for (const row of body.rows) if (!row.hidden) lines.push([...row.cells].map(cell => quoted(cell.textContent.trim())));
    const file = new Blob(["\ufeff", lines.map(line => line.join(",")).join("\r\n"), "\r\n"], { type: "text/csv" });
    const link = make("a", "", { href: URL.createObjectURL(file), download: "table.csv" });
    link.click();
    URL.revokeObjectURL(link.href);
  });
  filter();
}
