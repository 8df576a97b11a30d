"use strict";
(() => {
  document.body.classList.add("ready");
  const language = (value) => {
    document.documentElement.lang = value;
    document.title = document.querySelector("title").dataset[value];
  };
  const kept = {
    get: () => { try { return localStorage.getItem("grader-language"); } catch { return null; } },
    set: (value) => { try { localStorage.setItem("grader-language", value); } catch { /* a page without storage */ } },
  };
  const chosen = document.getElementById(kept.get());
  if (chosen && chosen.name === "language") { chosen.checked = true; language(chosen.id); }
  for (const radio of document.querySelectorAll("input[name=language]")) {
    radio.addEventListener("change", () => { kept.set(radio.id); language(radio.id); });
  }
  const names = new Intl.Collator(undefined, { numeric: true });
  const value = (row, column) => {
    const content = row.cells[column].textContent.trim();
    const numeric = parseFloat(content);
    return column === 0 ? content : Number.isNaN(numeric) ? -1 : numeric;
  };
  const sort = (heading) => {
    const table = heading.closest("table"), column = heading.cellIndex, body = table.tBodies[0];
    const before = heading.getAttribute("aria-sort");
    const first = column === 0 ? "ascending" : "descending";
    const order = before === null ? first : before === "ascending" ? "descending" : "ascending";
    for (const other of heading.parentElement.cells) { other.removeAttribute("aria-sort"); }
    heading.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const keyed = Array.from(body.rows, (row) => [value(row, column), row]);
    keyed.sort(([a], [b]) => sign * (column === 0 ? names.compare(a, b) : a - b));
    body.append(...keyed.map(([, row]) => row));
  };
  for (const button of document.querySelectorAll("table.sortable thead button")) {
    button.addEventListener("click", () => sort(button.closest("th")));
  }
  // Some systems write a Korean letter as one character, others as its parts.
  const folded = (name) => name.normalize("NFC").toLowerCase();
  const search = document.getElementById("search");
  if (search) {
    const rows = Array.from(document.querySelectorAll("#students tbody tr"), (row) => [row, folded(row.cells[0].textContent)]);
    const found = document.getElementById("found");
    search.addEventListener("input", () => {
      const wanted = folded(search.value.trim());
      let count = 0;
      for (const [row, name] of rows) {
        row.hidden = !name.includes(wanted);
        count += row.hidden ? 0 : 1;
      }
      found.textContent = `${count} / ${rows.length}`;
    });
  }
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  reveal();
  // A part that is wider than the page is scrolled by key too. What is closed has no size, and is asked when it opens.
  const reachable = (part) => {
    for (const item of part.querySelectorAll(".tensors, pre")) {
      if (item.closest("details:not([open])")) { continue; }
      const isCut = item.scrollWidth > item.clientWidth || item.scrollHeight > item.clientHeight;
      if (isCut) { item.tabIndex = 0; } else { item.removeAttribute("tabindex"); }
    }
  };
  addEventListener("resize", () => reachable(document));
  // Parts that are open from the start say so too, once the page is there.
  addEventListener("toggle", (event) => reachable(event.target), true);
  // A hint goes away by Escape, and comes again with the next move.
  addEventListener("keydown", (event) => { if (event.key === "Escape") { document.body.classList.add("quiet"); } });
  for (const kind of ["focusin", "mouseover"]) { addEventListener(kind, () => document.body.classList.remove("quiet")); }
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const item of closed) { item.open = true; }
  });
  addEventListener("afterprint", () => { for (const item of closed) { item.open = false; } });
})();
