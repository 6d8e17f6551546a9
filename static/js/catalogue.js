// Enhances pages that already work without it.
import { initAll } from "../dist/govuk-frontend.min.js";
import { findColumns } from "./find_columns.js";
import { suggest } from "./suggestions.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

for (const finder of document.querySelectorAll("[data-catalogue-finder]")) {
  findColumns(finder);
}

for (const input of document.querySelectorAll("[data-catalogue-suggestions]")) {
  suggest(input);
}

// Browsers that cannot show a closed disclosure's content get it opened where there is room for it.
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 56em)").matches) {
  for (const filters of document.querySelectorAll("[data-catalogue-filters]")) {
    filters.open = !filters.closest(".catalogue-results--table");
  }
}
