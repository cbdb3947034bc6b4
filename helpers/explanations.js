// Explanations that each person writes alone; the page shows a person's own until all are opened together.

function render({ model, el }) {
  const shelf = new Shelf(model.get("scope"));
  let found = {}; // {opened, explanations: [{id, text, confidence, by, day}], number}
  const { queue, status, again } = keeping(model, shelf);
  const who = make("input", { ...QUIET_KEYS, type: "text", maxlength: 200, autocomplete: "off", onchange: signed });
  const bar = make("div", { class: "sts-bar" }, make("label", { class: "sts-author" }, "Your name ", who), status, again);
  const text = make("textarea", { ...QUIET_KEYS, rows: 2, maxlength: 2000, "aria-label": "What in how we work makes this happen?" });
  const sure = make("input", { ...QUIET_KEYS, type: "range", min: 0, max: 100, step: 5, value: 50, "aria-label": "How sure are you, from 0 to 100?", oninput: showSure });
  const sureWords = make("output", {}, "50 of 100");
  const writing = make(
    "div", { class: "sts-cell" },
    make("b", {}, "What in how we work makes this happen?"),
    make("small", {}, "One explanation at a time, in a sentence that could turn out to be wrong."),
    text,
    make("label", { class: "sts-sure" }, "How sure are you? ", sure, sureWords),
    button("Keep it", keep),
  );
  const mine = make("div", { class: "sts-mine" });
  const others = make("p", { class: "sts-others" });
  const opener = button("Open all together…", askToOpen);
  const asking = make("div", { class: "sts-adding", hidden: true });
  const all = make("div", { class: "sts-all" });
  const live = make("div", { class: "sts-live", role: "status", "aria-live": "polite" });
  const body = make("div", { class: "sts-form" }, writing, mine, others, opener, asking, all);
  const root = make("div", { class: "sts", ...QUIET_KEYS }, bar, body, live);
  root.addEventListener("keydown", (event) => event.stopPropagation()); // or JupyterLab takes letters for its own
  el.append(root);

  const say = (words) => (live.textContent = words);
  who.value = remembered(WHO);
  let writer = who.value.trim(); // whose words stand in the box: another's name brings up that person's own
  const draft = () => `draft ${writer}`;
  text.value = shelf.get(draft()) || "";
  text.addEventListener("input", () => shelf.put(draft(), text.value));

  function showSure() {
    sureWords.textContent = `${sure.value} of 100`;
  }
  function signed() {
    const typed = text.value; // without a name yet, the words are those of whoever signs them
    const unsigned = !writer;
    if (unsigned) shelf.remove(draft());
    writer = who.value.trim();
    remember(WHO, writer);
    text.value = (unsigned && typed) || shelf.get(draft()) || "";
    draw();
  }
  function operate(op, said) {
    const by = who.value.trim();
    if (!by) {
      say("Write your name first, at the top left; what you typed is kept.");
      who.focus();
      return null;
    }
    say(said);
    return queue.send({ by, ...op });
  }
  function keep() {
    if (!text.value.trim()) return text.focus();
    if (!operate({ op: "explain", id: randomLetters(10), text: text.value.trim(), confidence: Number(sure.value) }, "Kept")) return;
    shelf.remove(draft());
    text.value = "";
    sure.value = 50;
    showSure();
    text.focus();
  }
  function askToOpen() {
    asking.hidden = false;
    const close = () => (asking.hidden = true);
    asking.replaceChildren(
      make("b", {}, "Is everyone done? Once opened, everybody's explanations are seen by all, for good."),
      button("Open them", () => (operate({ op: "open" }, "Opened"), close())), button("Not yet", close),
    );
  }

  function card(one, own) {
    const bar = make("span", { class: "sts-sure-bar", "aria-hidden": "true" }, make("i", { style: `width:${one.confidence ?? 0}%` }));
    const how = one.confidence === null ? "" : `${one.confidence} of 100 sure`;
    const said = make("div", { class: "sts-card" }, make("div", {}, one.text), make("small", {}, [one.by, one.day, how].filter(Boolean).join(" · ")), bar);
    if (own && !found.opened) said.append(button("Take it back", () => operate({ op: "drop", id: one.id, why: "" }, "Taken back")));
    return said;
  }
  function draw() {
    const me = who.value.trim();
    const written = found.explanations || [];
    const own = written.filter((one) => one.by === me && me);
    const rest = grouped(written.filter((one) => one.by !== me));
    body.dataset.number = found.number; // says that this state is there, for whoever waits for it
    mine.hidden = others.hidden = found.opened;
    mine.replaceChildren(make("h4", {}, own.length ? "Yours, so far" : "Nothing of yours yet"), ...own.map((one) => card(one, true)));
    const counts = [...rest].map(([by, list]) => `${by} has written ${list.length}`);
    others.textContent = counts.length ? `${counts.join(", ")}. They are seen when all are opened.` : "Nobody else has written yet.";
    opener.hidden = found.opened || !written.length;
    asking.hidden ||= found.opened;
    all.hidden = !found.opened;
    if (found.opened) all.replaceChildren(make("h4", {}, "Opened together"), ...written.map((one) => card(one, false)));
  }
  function grouped(list) {
    const found = new Map();
    list.forEach((one) => found.set(one.by, [...(found.get(one.by) || []), one]));
    return found;
  }

  function heard(message) {
    if (message.kept) queue.settle(message.kept);
    if (message.refused) {
      const op = queue.settle(message.refused);
      if (op?.text && !text.value) text.value = op.text;
      say(`Not done. ${message.why}`);
    }
    if (message.say) say(message.say);
  }
  function changed() {
    found = JSON.parse(model.get("form"));
    draw();
  }
  return attending(model, queue, changed, heard);
}

export default { render };
