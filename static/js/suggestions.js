// Offers what begins as the text in a search box does. Without it the box is a form like any other.
// Follows the pattern of a combobox with a list: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

const WAIT = 150;
const SHORTEST = 2;

export function suggest(input) {
  const form = input.form;
  const known = new Map();
  let items = [];
  let active = -1;
  let timer;
  let asked;

  const list = document.createElement("ul");
  list.id = `${input.id}-suggestions`;
  list.className = "catalogue-suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  const status = document.createElement("div");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  form.append(list, status);

  // A search field has no place in a combobox; it is one of text from here on.
  input.type = "text";
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", onKey);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      follow([...list.children].indexOf(option));
    }
  });

  async function ask() {
    const text = input.value.trim().toLowerCase();
    if (text.length < SHORTEST) {
      close();
      return;
    }
    if (!known.has(text)) {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(`${input.dataset.catalogueSuggestions}?q=${encodeURIComponent(text)}`, {
          signal: asked.signal,
        });
        known.set(text, answer.ok ? (await answer.json()).items : []);
      } catch {
        // Interrupted by the next letter, or out of reach: the box works without.
        return;
      }
    }
    if (document.activeElement === input && input.value.trim().toLowerCase() === text) {
      open(known.get(text));
    }
  }

  function open(found) {
    items = found;
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...items.map(option));
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
    status.textContent = items.length === 0 ? "" : said(items.length);
  }

  function option(item, number) {
    const element = document.createElement("li");
    element.id = `${list.id}-${number}`;
    element.className = "catalogue-suggestions__item";
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    const label = document.createElement("span");
    label.textContent = item.label;
    const kind = document.createElement("span");
    kind.className = "catalogue-suggestions__kind";
    kind.textContent = item.kind;
    element.append(label, " ", kind);
    return element;
  }

  function onKey(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) {
        ask();
      } else {
        const places = items.length + 1;
        select(((active + 1 + (event.key === "ArrowDown" ? 1 : places - 1)) % places) - 1);
      }
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      close();
      event.preventDefault();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      follow(active);
    }
  }

  // Beyond both ends stands the box itself, where nothing is selected.
  function select(number) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = number;
    const element = list.children[active];
    if (element) {
      element.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", element.id);
      element.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function follow(number) {
    location.assign(items[number].href);
  }

  function close() {
    clearTimeout(timer);
    open([]);
  }
}

function said(count) {
  return `${count} ${count === 1 ? "suggestion" : "suggestions"}, choose with the arrow keys.`;
}
