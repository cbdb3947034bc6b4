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

// What is folded is left out on paper unless asked for; page.css does it by the address's #with-tables.
document.querySelector('a[href="#with-tables"]').addEventListener("click", () => requestAnimationFrame(() => print()));
