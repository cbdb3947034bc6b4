// What scrolls sideways can be reached and scrolled by keyboard; what fits is no stop on the way.
function reachable() {
  for (const box of document.querySelectorAll(".scroll, pre")) {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", box.dataset.label || "Text"]]) {
      if (scrolls) box.setAttribute(name, value); else box.removeAttribute(name);
    }
  }
}
reachable();
addEventListener("resize", reachable);

// On paper nobody can open a <details>: open all for the print, and put them back.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) {
    folded.open = true;
    folded.dataset.folded = "";
  }
});
addEventListener("afterprint", () => {
  for (const folded of document.querySelectorAll("details[data-folded]")) {
    folded.open = false;
    delete folded.dataset.folded;
  }
});
