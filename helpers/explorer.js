// Choices, what the data say to them, and a way to put it on a cause.

function render({ model, el }) {
  const shelf = new Shelf(model.get("scope"));
  let form = {}; // {choices, page, causes, number}
  const { queue, post, status, again } = keeping(model, shelf);
  const choices = make("div", { class: "sts-bar" });
  const page = make("div", { class: "sts-page", role: "region", "aria-label": "What the data say", tabindex: "0" });
  const cause = make("select", { ...QUIET_KEYS, "aria-label": "Cause" });
  const side = make("select", { ...QUIET_KEYS, "aria-label": "It speaks" }, new Option("for it", "yes"), new Option("against it", ""));
  const who = make("input", { ...QUIET_KEYS, type: "text", maxlength: 200, placeholder: "Your name", "aria-label": "Your name", autocomplete: "off" });
  const why = make("input", { ...QUIET_KEYS, type: "text", maxlength: 2000, class: "sts-why", placeholder: "What would look different here if this cause were not so?", "aria-label": "Why it speaks for or against the cause" });
  const putting = make("div", { class: "sts-bar sts-putting" }, "Put this on a cause: ", cause, side, why, who, button("Put it on", put), status, again);
  const live = make("div", { class: "sts-live", role: "status", "aria-live": "polite" });
  const below = make("div", { class: "sts-page", role: "region", "aria-label": "What was understood", tabindex: "0" });
  const root = make("div", { class: "sts sts-explorer", ...QUIET_KEYS }, choices, page, putting, live, below);
  root.addEventListener("keydown", (event) => event.stopPropagation()); // or JupyterLab takes letters for its own
  el.append(root);

  const say = (words) => (live.textContent = words);
  who.value = remembered(WHO);

  const chosen = () => Object.fromEntries(boxes().map((box) => [box.name, box.value]));
  function look() {
    page.classList.add("sts-pending");
    say("Looking…");
    post({ op: "look", chosen: chosen() });
  }
  function put() {
    const by = who.value.trim() || remembered(WHO);
    if (!cause.value) return say("Choose a cause first. Causes are written in the fishbone.");
    if (!why.value.trim()) {
      say("Say first what would look different here if this cause were not so. If nothing would, the data say nothing about it: leave it open.");
      return why.focus();
    }
    if (!by) {
      say("Write your name first.");
      return who.focus();
    }
    remember(WHO, by);
    who.value = by;
    queue.send({ op: "put", by, id: randomLetters(10), cause: cause.value, supports: side.value === "yes", why: why.value.trim(), chosen: chosen() });
    why.value = "";
    cause.value = ""; // what is seen next is most likely about another cause
    say("Putting it on the cause…");
  }

  function draw() {
    form = JSON.parse(model.get("form"));
    const names = form.choices.map((one) => one.name);
    for (const box of boxes()) if (!names.includes(box.name)) box.parentElement.remove();
    form.choices.forEach((one, place) => {
      if (boxOf(one.name) && isWritten(boxOf(one.name)) !== !one.options) boxOf(one.name).parentElement.remove();
      const box = boxOf(one.name) || boxFor(one);
      // A choice that has come stands where the engine has it; those that stay keep the focus.
      if (choices.children[place] !== box.parentElement) choices.insertBefore(box.parentElement, choices.children[place] || null);
      box.parentElement.firstChild.textContent = one.label;
      if (!one.options) {
        if (document.activeElement !== box) box.value = one.value;
        return;
      }
      const options = JSON.stringify(one.options); // a district's schools are others than the next one's
      if (box.dataset.options !== options) {
        box.replaceChildren(...one.options.map(([value, words]) => new Option(words, value)));
        box.dataset.options = options;
      }
      if (box.value !== one.value) box.value = one.value;
    });
    if (page.dataset.shown !== form.page) {
      page.innerHTML = form.page; // made by the engine: every text in it is escaped
      page.dataset.shown = form.page;
    }
    below.innerHTML = form.below || "";
    below.hidden = !form.below;
    page.classList.remove("sts-pending");
    if (live.textContent === "Looking…") say("");
    const had = cause.value;
    cause.replaceChildren(new Option(form.causes.length ? "choose one" : "there is none yet", ""), ...form.causes.map(([id, text]) => new Option(text, id)));
    cause.value = form.causes.some(([id]) => id === had) ? had : "";
    root.dataset.number = form.number; // says that this state is there, for whoever waits for it
  }
  const boxes = () => [...choices.querySelectorAll("[name]")];
  const boxOf = (name) => choices.querySelector(`[name="${name}"]`);
  const isWritten = (box) => box.tagName === "INPUT";
  function boxFor(one) {
    const look_at = { ...QUIET_KEYS, name: one.name, onchange: look };
    const box = one.options ? make("select", look_at) : make("input", { ...look_at, type: "text", maxlength: 20, autocomplete: "off" });
    make("label", { class: "sts-field" }, one.label, box);
    return box;
  }

  function heard(message) {
    if (message.kept) queue.settle(message.kept);
    if (message.refused) {
      queue.settle(message.refused);
      say(`Not done. ${message.why}`);
    }
    if (message.say) say(message.say);
  }
  return attending(model, queue, draw, heard);
}

export default { render };
