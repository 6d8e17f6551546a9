// Narrows the tables of a dataset's page down to the columns that hold what is typed.

const WAIT = 150;

export function findColumns(finder) {
  const input = finder.querySelector("input");
  const result = finder.querySelector('[role="status"]');
  const tables = [...document.querySelectorAll("[data-catalogue-table]")].map((table) => ({
    table,
    wasOpen: table.open,
    rows: [...table.querySelectorAll(":scope > table > tbody > tr")].map((row) => ({
      row,
      text: row.textContent.toLowerCase(),
    })),
  }));
  let timer;

  finder.hidden = false;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(input.value.trim().toLowerCase()), WAIT);
  });

  function show(wanted) {
    let columns = 0;
    let within = 0;
    for (const { table, wasOpen, rows } of tables) {
      let found = 0;
      for (const { row, text } of rows) {
        const matches = !wanted || text.includes(wanted);
        row.hidden = !matches;
        found += matches ? 1 : 0;
      }
      table.hidden = Boolean(wanted) && found === 0;
      table.open = wanted ? found > 0 : wasOpen;
      columns += found;
      within += found > 0 ? 1 : 0;
    }
    result.textContent = wanted ? said(columns, within) : "";
  }
}

function said(columns, tables) {
  if (columns === 0) {
    return "No column here holds that.";
  }
  return `${columns} ${columns === 1 ? "column" : "columns"} in ${tables} ${tables === 1 ? "table" : "tables"}`;
}
