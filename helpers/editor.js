// Makes a picture editable in its own place. It knows nothing of what the picture shows: Python sends the
// picture, the things in it and what each may do; this script sends operations back, and keeps every one of
// them in the browser until the record has it.

const LEAST_LETTERS = 11; // pixels: smaller text is not read

// --- the editor -----------------------------------------------------------------------------------------------

function render({ model, el }) {
  const shelf = new Shelf(model.get("scope"));
  let picture = {}; // {sheet, parts, things, roles, pluses, evidence, aside, number, turn, dots}
  let latest = {}; // the newest one that came: while something is dragged, the one before stays
  let things = []; // as Python sent them, in reading order
  let byId = new Map();
  let places = new Map(); // id -> its rectangle in the picture
  let lettering = new Map(); // id -> the groups of text that stand there
  let chosen = null;
  let pointed = null; // what the handles stand beside
  let writing = null; // {box, id | plus, was}
  let drag = null;
  let heldBack = false; // a new picture came while the pointer was down
  let zoom = null; // null: as wide as the stage
  let folded = new Set();
  const own = document.querySelectorAll(".sts").length + 1;
  let author = model.get("author") || remembered(WHO);

  // --- what stands on the page

  const live = make("div", { class: "sts-live sts-near", role: "status", "aria-live": "polite" });
  /** What was done, or what is lacking, under the buttons; while something is asked for, it stands beside the answer. */
  const say = (text, { heed = false } = {}) => {
    live.textContent = text;
    live.classList.toggle("sts-heed", heed);
    if (panel.hidden) return;
    if (!told.isConnected) panel.append(told);
    told.textContent = text;
  };
  const told = make("div", { class: "sts-told" });
  const { queue, post, status, again } = keeping(model, shelf);
  const who = button("", () => askWho(), { class: "sts-who", title: "Who writes here" });

  /** Where there is little room, what is needed less stands behind one button of its bar. */
  const rest = { class: "sts-rest" };
  const more = (what) => button("More…", (event) => unfold(event.currentTarget, !event.currentTarget.parentElement.matches(".sts-open")), { class: "sts-more", "aria-label": `More… ${what}`, "aria-expanded": "false" });
  function unfold(opener, open) {
    opener.parentElement.classList.toggle("sts-open", open);
    opener.setAttribute("aria-expanded", String(open));
  }

  const actions = {
    write: button("Write", () => write(chosen)),
    add: button("Add under", () => addUnder(chosen)),
    vote: button("Give a dot", () => vote(chosen, 1)),
    unvote: button("Take a dot back", () => vote(chosen, -1)),
    flip: button("", () => flip(chosen)),
    evidence: button("Evidence…", () => askEvidence(chosen)),
    more: more("for the chosen one"),
    plan: button("Who asks whom…", () => askPlan(chosen), rest),
    earlier: button("Earlier", () => reorder(chosen, -1), rest),
    later: button("Later", () => reorder(chosen, 1), rest),
    split: button("Split…", () => askSplit(chosen), rest),
    join: button("Join with next…", () => joinNext(chosen), rest),
    fold: button("Fold", () => fold(chosen), rest),
    drop: button("Set aside…", () => askWhy(chosen), rest),
  };
  const target = make("select", { ...QUIET_KEYS, ...rest, "aria-label": "Move or link to", onchange: moveToTarget });
  const undo = button("Undo", () => operate({ op: "undo" }, "Taken back"));
  const redo = button("Redo", () => operate({ op: "redo" }, "Done again"));
  const aside = button("", askAside, { hidden: true });
  const outlineSwitch = button("Outline", () => showOutline(outline.hidden), { ...rest, "aria-pressed": "true" });
  const exporter = make("select", { ...QUIET_KEYS, ...rest, "aria-label": "Save this picture as", onchange: saveAs });
  exporter.append(new Option("Save as…", ""), ...["SVG", "PNG", "PDF"].map((name) => new Option(name, name.toLowerCase())));
  const bar = make(
    "div",
    { class: "sts-bar", role: "group", "aria-label": "The whole picture" },
    undo, redo, more("for the whole picture"),
    button("−", () => setZoom(scale() / 1.25), { ...rest, "aria-label": "Smaller" }),
    button("Fit", () => setZoom(null), rest),
    button("+", () => setZoom(scale() * 1.25), { ...rest, "aria-label": "Larger" }),
    outlineSwitch, exporter, aside, status, again, who,
  );
  const tools = make("div", { class: "sts-bar", role: "group", "aria-label": "The chosen one" }, ...Object.values(actions), target);
  const hint = make(
    "div",
    { class: "sts-hint" },
    make("p", {}, "Click a text to write in it, or a + to add. Point at a text: ⠿ drags it, ▲ gives it a dot, × sets it aside."),
    make("p", {}, "Keys, in the outline: Enter writes · Insert adds · Alt+↑ ↓ moves · V dot · E evidence · M move or link · Delete sets aside · Ctrl+Z undoes"),
  );
  const panel = make("form", {
    class: "sts-panel",
    hidden: true,
    onsubmit: (event) => event.preventDefault(),
    onkeydown: (event) => event.key === "Escape" && closePanel(),
  });
  const coach = make("div", { class: "sts-coach", hidden: true });
  const kin = make("div", { class: "sts-kin", hidden: true }); // the words of what was joined with the chosen one
  const rows = make("ul", { class: "sts-rows" });
  const outline = make("nav", { class: "sts-outline", "aria-label": "Outline" }, rows);
  const drawing = make("div", { class: "sts-drawing" });
  const handles = make("div", { class: "sts-handles", "aria-hidden": "true", hidden: true });
  const paper = make("div", { class: "sts-paper" }, drawing, handles);
  const stage = make("div", { class: "sts-stage", tabindex: "0", role: "region", "aria-label": "Picture", ...QUIET_KEYS }, paper);
  const about = make("div", { class: "sts-about" }, hint, tools); // as high with the one as with the other: the picture stays where it is
  const body = make("div", { class: "sts-body" }, panel, outline, stage);
  const root = make("div", { class: "sts", tabindex: "-1", ...QUIET_KEYS }, bar, about, live, body);
  el.append(root);

  /** One operation, signed, kept in this browser until the record has it. */
  function operate(op, said, how) {
    if (!known()) return askWho(() => operate(op, said, how));
    queue.send({ by: author, ...op });
    say(said, how);
  }

  // --- the picture

  const askForPicture = () => post({ op: "view", width: askedWidth, folded: [...folded] });
  function drawWhole() {
    latest = JSON.parse(model.get("picture"));
    draw();
  }
  /** A new picture comes as what is new in the one before; a page that has another before asks for all of it. */
  function drawNew(told) {
    if (told.after !== latest.turn) return askForPicture();
    const all = (name) => told[name].flatMap((each) => (Array.isArray(each) ? latest[name].slice(...each) : [each]));
    latest = { ...told, parts: all("parts"), things: all("things") };
    draw();
  }
  function draw() {
    if (drag) return void (heldBack = true); // a new picture under the pointer would swallow the press
    picture = latest;
    things = picture.things.map((thing) => ({ ...picture.roles[thing.role], ...thing }));
    byId = new Map(things.filter((thing) => thing.id).map((thing) => [thing.id, thing]));
    paper.querySelectorAll(".sts-new").forEach((element) => element.remove());
    drawParts();
    const title = drawing.querySelector("title").textContent; // several pictures on a page have names of their own
    outline.setAttribute("aria-label", `Outline: ${title} (${own})`);
    stage.setAttribute("aria-label", `Picture: ${title} (${own})`);
    places = new Map([...drawing.querySelectorAll(".place")].map((place) => [place.dataset.id, place]));
    lettering = new Map();
    for (const group of drawing.querySelectorAll("[data-item]")) {
      if (!lettering.has(group.dataset.item)) lettering.set(group.dataset.item, []);
      lettering.get(group.dataset.item).push(group);
    }
    if (chosen && !byId.has(chosen) && !queue.waiting.some((op) => op.id === chosen)) chosen = null;
    drawOutline();
    mark();
    resize();
    aside.hidden = !picture.aside.length;
    aside.textContent = `Set aside (${picture.aside.length})…`;
    showWho();
  }

  /** Draws what is new in the picture and leaves the rest as it stands: the page need not lay it out again. */
  let drawn = new Map(); // the text of a part -> the elements that it became, once for each time that it is there
  const changedHere = new WeakSet(); // elements that no longer say what their part says
  function drawParts() {
    const parsed = (text) => {
      const holder = document.createElement("div");
      holder.innerHTML = text;
      return holder.firstElementChild;
    };
    const sheet = parsed(picture.sheet);
    sheet.removeAttribute("style");
    if (!drawing.firstElementChild) drawing.append(sheet);
    const svg = drawing.firstElementChild;
    for (const { name, value } of [...sheet.attributes]) svg.setAttribute(name, value);
    const staying = picture.parts.map((part) => {
      const elements = drawn.get(part)?.pop();
      return elements?.some((element) => changedHere.has(element)) ? undefined : elements;
    });
    const fresh = picture.parts.filter((_, place) => !staying[place]);
    const made = [...parsed(`<svg>${fresh.map((part) => `<g>${part}</g>`).join("")}</svg>`).children];
    const next = staying.map((elements) => elements || [...made.shift().children]);
    const kept = new Set(next.flat());
    for (const element of [...svg.children]) if (!kept.has(element)) element.remove();
    let here = svg.firstElementChild;
    for (const element of kept) {
      element.classList.remove("sts-pending");
      if (element === here) here = here.nextElementSibling;
      else svg.insertBefore(element, here);
    }
    drawn = new Map();
    next.forEach((elements, place) => {
      const part = picture.parts[place];
      if (!drawn.has(part)) drawn.set(part, []);
      drawn.get(part).push(elements);
    });
    drawing.dataset.number = picture.number; // says that this picture is there, for whoever waits for it
  }

  /** Whether this browser knows who writes: it may have been asked in another picture of the page. */
  function known() {
    author ||= remembered(WHO);
    if (author) showWho();
    return Boolean(author);
  }
  const showWho = () => (who.textContent = author ? `Writing: ${author}` : "Who writes?");
  const box = () => drawing.firstElementChild.viewBox.baseVal;
  let stageWidth = 0; // as it was last seen: to ask for it after each new picture would lay out all of it at once
  const mostHigh = () => Math.max(420, 0.72 * innerHeight) - 4; // as .sts-stage has it
  const fit = () => Math.max(smallest(), Math.min(1.25, (stageWidth - 4) / box().width, Math.max(1, mostHigh() / box().height)));
  const scale = () => zoom || fit();
  function smallest() {
    const sizes = things.filter((thing) => thing.size).map((thing) => thing.size);
    return sizes.length ? LEAST_LETTERS / Math.min(...sizes) : 0.5;
  }
  function setZoom(to) {
    const middle = [(stage.scrollLeft + stage.clientWidth / 2) / paper.clientWidth, (stage.scrollTop + stage.clientHeight / 2) / paper.clientHeight];
    zoom = to && Math.max(0.3, Math.min(4, to));
    resize();
    stage.scrollTo(middle[0] * paper.clientWidth - stage.clientWidth / 2, middle[1] * paper.clientHeight - stage.clientHeight / 2);
  }
  function resize() {
    paper.style.width = `${scale() * box().width}px`;
    if (writing) placeBox();
    afterwards();
  }
  /** What needs the new picture laid out waits for the frame in which it is laid out anyway. */
  let waitingForFrame = 0;
  let toBeSeen = null;
  function afterwards(id = null) {
    toBeSeen ||= id;
    waitingForFrame ||= requestAnimationFrame(() => {
      waitingForFrame = 0;
      if (toBeSeen) scrollTo(toBeSeen);
      toBeSeen = null;
      showRow();
      placeHandles();
      fillTargets();
    });
  }
  function scrollTo(id) {
    const at = places.get(id)?.getBoundingClientRect();
    const view = stage.getBoundingClientRect();
    const seen = at && at.top >= view.top && at.bottom <= view.bottom && at.left >= view.left && at.right <= view.right;
    if (at && !seen) stage.scrollBy(at.left - view.left - view.width / 3, at.top - view.top - view.height / 3);
  }
  /** The chosen line of the outline is seen, without moving the page. */
  let shownRow = null;
  function showRow() {
    const row = rowOf(chosen)?.parentElement;
    if (chosen === shownRow || !row) return;
    shownRow = chosen;
    const [at, view] = [row.getBoundingClientRect(), outline.getBoundingClientRect()];
    const top = row === rows.firstElementChild ? view.top : rows.firstElementChild.getBoundingClientRect().bottom; // the first stays in view
    if (at.top < top || at.bottom > view.bottom) outline.scrollTop += at.top - view.top - view.height / 3;
  }
  let askedWidth = 0;
  function askForWidth() {
    // The picture is laid out for the width it has; a little more or less is not worth a new one.
    stageWidth = stage.clientWidth;
    const width = Math.round(stageWidth);
    if (Math.abs(width - askedWidth) < 40 || width < 200) return resize();
    askedWidth = width;
    askForPicture();
    resize();
  }

  // --- the outline: the same things as a list of real buttons

  const rowOf = (id) => id && rows.querySelector(`[data-id="${CSS.escape(id)}"] button`);

  function drawOutline() {
    const active = rows.contains(document.activeElement) ? document.activeElement : null;
    const old = new Map([...rows.children].map((row) => [row.dataset.id, row])); // kept, so that the focus stays
    const next = things.map((thing, place) => rowFor(thing, old.get(thing.id || `heading ${place}`), place));
    const staying = new Set(next);
    const gone = [...rows.children].filter((row) => !staying.has(row));
    const focused = gone.find((row) => row.contains(document.activeElement));
    const at = focused ? [...rows.children].indexOf(focused) : -1;
    gone.forEach((row) => row.remove());
    let here = rows.firstElementChild;
    for (const row of next) {
      if (row === here) here = here.nextElementSibling;
      else rows.insertBefore(row, here);
    }
    if (active?.isConnected && document.activeElement !== active) active.focus({ preventScroll: true }); // it was moved
    if (at >= 0) (rows.children[Math.min(at, rows.children.length - 1)]?.querySelector("button") || stage).focus();
  }

  function rowFor(thing, row, place) {
    if (!row) {
      row = make("li", { "data-id": thing.id || `heading ${place}` });
      row.append(thing.id ? button("", () => choose(thing.id)) : make("span", { class: "sts-heading" }));
    }
    const label = row.firstChild;
    const name = thing.id ? `${thing.role}, level ${thing.depth + 1}: ${thing.said}` : thing.said;
    if (row.dataset.name !== name || label.textContent !== thing.said) {
      row.dataset.name = name;
      label.textContent = thing.said;
      label.style.marginInlineStart = `${thing.depth}em`;
      if (thing.id) label.setAttribute("aria-label", name);
    }
    label.classList.toggle("sts-has-advice", Boolean(thing.advice?.length));
    if (!place && thing.adds?.length) headRow(row, thing);
    return row;
  }

  /** What the picture is about stays in view with its plus, however far the picture and the outline are scrolled. */
  function headRow(row, { id, adds: [{ word }] }) {
    row.classList.add("sts-head");
    if (!row.querySelector(".sts-add")) row.append(button("", () => addUnder(id), { class: "sts-add" }));
    row.lastChild.textContent = `+ ${word}`;
    row.lastChild.setAttribute("aria-label", `Add ${withArticle(word)}`);
  }

  function showOutline(shown) {
    outline.hidden = !shown;
    outlineSwitch.setAttribute("aria-pressed", String(shown));
    askForWidth();
  }

  // --- choosing

  function choose(id, focus = false) {
    chosen = pointed = id;
    mark();
    afterwards();
    if (focus) rowOf(id)?.focus();
  }

  function mark() {
    const thing = byId.get(chosen);
    for (const [id, place] of places) place.classList.toggle("chosen", id === chosen);
    for (const row of rows.children) {
      const pressed = String(row.dataset.id === chosen);
      if (row.firstChild.tagName === "BUTTON" && row.firstChild.getAttribute("aria-pressed") !== pressed) row.firstChild.setAttribute("aria-pressed", pressed);
    }
    const can = new Set(thing?.can || []);
    actions.write.disabled = !can.has("write");
    tools.hidden = !thing;
    hint.hidden = Boolean(thing);
    actions.add.hidden = !thing?.adds?.length;
    actions.add.textContent = thing?.adds?.length ? `Add ${withArticle(thing.adds[0].word)}` : "Add under";
    actions.vote.hidden = !can.has("vote");
    actions.unvote.hidden = !thing?.votes?.[author];
    actions.flip.hidden = !thing?.switch?.length;
    if (!actions.flip.hidden) actions.flip.textContent = thing.switch[thing.on ? 2 : 1];
    actions.evidence.hidden = !can.has("evidence");
    actions.plan.hidden = !can.has("plan");
    actions.split.hidden = actions.join.hidden = !can.has("split");
    actions.fold.hidden = !can.has("fold");
    actions.fold.textContent = folded.has(chosen) ? "Unfold" : "Fold";
    actions.drop.hidden = !can.has("drop");
    actions.earlier.hidden = actions.later.hidden = !can.has("order");
    showAdvice(thing);
    afterwards();
  }

  function fillTargets() {
    const thing = byId.get(chosen);
    const wheres = thing ? targets(thing) : [];
    target.hidden = !wheres.length;
    target.replaceChildren(new Option("Move or link to…", ""), ...wheres.map((other) => new Option(`${placing(thing, other).words} ${other.role}: ${other.text}`.slice(0, 90), other.id)));
  }

  function showAdvice(thing) {
    const advice = thing?.advice || [];
    const joined = thing?.joined || [];
    coach.hidden = !advice.length;
    kin.hidden = !joined.length;
    if (thing) rowOf(thing.id)?.after(kin, coach);
    kin.replaceChildren(...joined.map(({ text, by }) => make("p", {}, `Joined with it: “${text}”${by ? ` (${by})` : ""}`)));
    coach.replaceChildren(...advice.map((each) => make("p", { class: `sts-${each.level}` }, make("b", {}, each.what), ` ${each.do}`)));
  }

  // --- where a thing may go

  /** How one thing may be put on another: {field, owner, words}, or nothing where it may not. */
  function placing(thing, other) {
    const take = (other.takes || []).find((each) => each.role === thing.role);
    if (!take || isUnder(other, thing.id)) return null;
    const linked = (thing.links || []).some((link) => link.field === take.field && link.other === other.id);
    return { ...take, linked, words: take.owner ? "Move to" : linked ? "Unlink from" : "Link to" };
  }
  function isUnder(thing, id) {
    for (let up = thing; up; up = byId.get(up.under)) if (up.id === id) return true;
    return false;
  }
  const targets = (thing) => things.filter((other) => other.id && other !== thing && placing(thing, other) && other.id !== thing.under);

  function put(id, where) {
    const thing = byId.get(id);
    const other = byId.get(where);
    const way = placing(thing, other);
    if (!way) return;
    pending(id);
    const said = `${way.words} ${other.text || other.role}`;
    if (way.owner) operate({ op: "move", id, under: where }, said);
    else operate({ op: way.linked ? "unlink" : "link", id, field: way.field, other: where }, said);
  }
  function moveToTarget() {
    if (target.value) put(chosen, target.value);
    target.value = "";
  }
  const siblings = (thing) => things.filter((other) => other.role === thing.role && other.under === thing.under);
  function reorder(id, by) {
    const thing = byId.get(id);
    if (!thing || !thing.can.includes("order")) return;
    const beside = siblings(thing);
    const at = beside.indexOf(thing) + by;
    if (at < 0 || at >= beside.length) return say("It is at the end already");
    const before = by < 0 ? beside[at] : beside[at + 1];
    operate({ op: "move", id, before: before?.id || null }, by < 0 ? "Moved earlier" : "Moved later");
  }
  /** Dots are few, so that a choice is one: what is left is said with each. */
  function vote(id, by) {
    if (!known()) return askWho(() => vote(id, by));
    const { all, each } = picture.dots;
    const waiting = queue.waiting.filter((op) => op.op === "vote" && op.by === author);
    const added = (ops) => ops.reduce((sum, op) => sum + op.dots, 0);
    const given = added(waiting) + things.reduce((sum, thing) => sum + (thing.votes?.[author] || 0), 0);
    const here = added(waiting.filter((op) => op.id === id)) + (byId.get(id)?.votes?.[author] || 0);
    if (by > 0 && given >= all) return say(`You have given all ${all} of your dots; take one back first.`);
    if (by > 0 && here >= each) return say(`You have given this ${each} dots, the most for one.`);
    if (by < 0 && here < 1) return say("You have no dot here.");
    operate({ op: "vote", id, dots: by }, `${by > 0 ? "Dot given" : "Dot taken back"}; ${all - given - by} of your ${all} left`);
  }
  function flip(id) {
    const { switch: [field, , , few], on = false } = byId.get(id);
    const marked = things.filter((thing) => thing.on && thing.switch[0] === field).length + (on ? -1 : 1);
    const many = few && marked > few ? `: ${marked} now. A team can follow ${few} at most; take the mark off another.` : "";
    operate({ op: "change", id, fields: { [field]: !on }, was: { [field]: on } }, on ? "Mark taken off" : `Marked${many}`, { heed: Boolean(many) });
  }
  const pending = (id) => (lettering.get(id) || []).forEach((group) => group.classList.add("sts-pending"));

  // --- writing in place

  function startWriting(what) {
    if (!known()) return askWho(() => startWriting(what));
    if (writing) finish(false);
    const textBox = make("textarea", { ...QUIET_KEYS, class: "sts-text", "aria-label": what.label, placeholder: what.label, rows: 1, spellcheck: true, maxlength: what.most || null });
    textBox.value = what.draft ?? what.was;
    const note = make("div", { class: "sts-help", id: `help-${randomLetters(8)}` }, make("b", {}, what.label), ` ${what.help || ""} `, make("i", {}, "Enter keeps it; Esc changes nothing."));
    textBox.setAttribute("aria-describedby", note.id);
    writing = { ...what, box: textBox, note };
    handles.hidden = true;
    textBox.addEventListener("keydown", keyInBox);
    textBox.addEventListener("input", () => {
      shelf.put(draftName(what), { text: textBox.value, what: { ...what, back: undefined } });
      placeBox();
      note.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
    // JupyterLab's dialogs take the focus when a kernel dies: that is not the writer's wish to be done.
    textBox.addEventListener("blur", (event) => writing?.box === textBox && root.contains(event.relatedTarget) && finish(false));
    paper.append(textBox, note);
    placeBox();
    textBox.focus({ preventScroll: true });
    textBox.setSelectionRange(textBox.value.length, textBox.value.length);
    for (const each of [note, textBox]) each.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  const draftName = (what) => `draft ${what.id || `${what.plus.kind} ${JSON.stringify(what.plus.fields)}`}`;

  function keyInBox(event) {
    event.stopPropagation();
    if (event.isComposing) return; // Enter chooses a character of an input method
    if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") {
      event.preventDefault();
      finish(true);
    } else if (event.key === "Escape") {
      event.preventDefault();
      stopWriting(true);
      say("Nothing changed");
    }
  }

  /** Puts the text box over the text as it stands in the newest picture. */
  function placeBox() {
    const { id, plus } = writing;
    const from = id ? places.get(id) : plusElement(plus) || places.get(plus.near);
    if (id) (lettering.get(id) || []).forEach((group) => group.classList.add("sts-hidden"));
    if (!from) return say("Someone set this aside while you were writing; your words are kept here.");
    const at = from.getBoundingClientRect();
    const base = paper.getBoundingClientRect();
    const size = Math.max(LEAST_LETTERS + 1, (byId.get(id)?.size || 12) * scale());
    const wide = Math.max(at.width, 200);
    const down = !id && plus.near ? at.height : 0;
    const left = id || plus.near ? at.left : at.right - wide; // what a plus adds stands to its left
    Object.assign(writing.box.style, {
      left: `${Math.max(0, Math.min(left - base.left, paper.clientWidth - wide))}px`,
      top: `${at.top - base.top + down}px`,
      width: `${wide}px`,
      fontSize: `${size}px`,
      fontWeight: byId.get(id)?.bold ? "bold" : "normal",
    });
    writing.box.style.height = "0px";
    const high = Math.max(writing.box.scrollHeight + 2, id ? at.height : 0);
    writing.box.style.height = `${high}px`;
    const noteLeft = Math.max(0, Math.min(parseFloat(writing.box.style.left), paper.clientWidth - 300));
    Object.assign(writing.note.style, { left: `${noteLeft}px`, top: `${parseFloat(writing.box.style.top) + high + 3}px` });
  }
  const plusElement = (plus) => drawing.querySelector(`.plus[data-place="${picture.pluses.findIndex((each) => each.kind === plus.kind && JSON.stringify(each.fields) === JSON.stringify(plus.fields))}"]`);

  /** Ends the writing. The box goes when what was written has gone out: the page is laid out for it at once. */
  function stopWriting(focusToo) {
    const { id, box: textBox, note, back } = writing;
    shelf.remove(draftName(writing));
    writing = null;
    queueMicrotask(() => {
      textBox.remove();
      note.remove();
      (lettering.get(id) || []).forEach((group) => group.classList.remove("sts-hidden"));
      if (writing) placeBox(); // in the same text again
      else if (focusToo) giveFocusBack(back, id);
    });
  }
  const giveFocusBack = (back, id) => ((back?.isConnected && back) || rowOf(id) || stage).focus({ preventScroll: true });

  function finish(byKeyboard) {
    const { id, box: textBox, was, plus } = writing;
    const text = textBox.value.trim();
    const style = textBox.getAttribute("style");
    if (text === was.trim() || (!id && !text)) return stopWriting(byKeyboard);
    if (id) {
      showAtOnce(id, text);
      operate({ op: "change", id, fields: { text }, was: { text: was } }, "Changed");
    } else {
      // The browser makes the id, so that "add, then add under it" can be replayed in order.
      const made = `${plus.kind.replaceAll("_", "-")}-${randomLetters(10)}`;
      operate({ op: "add", kind: plus.kind, id: made, fields: { ...plus.fields, text } }, "Added");
      chosen = made;
      const fresh = make("div", { class: "sts-new", style }, text);
      const above = [...paper.querySelectorAll(".sts-new")].filter((one) => one.style.left === fresh.style.left);
      fresh.style.marginTop = `${above.reduce((sum, one) => sum + one.offsetHeight, 0)}px`; // under those that wait too
      paper.append(fresh);
    }
    stopWriting(byKeyboard);
  }

  /** The written words stand in the old lines' place until the new picture comes. */
  function showAtOnce(id, text) {
    const [group] = lettering.get(id) || [];
    if (!group) return;
    changedHere.add(group);
    const lines = [...group.querySelectorAll("text")];
    const words = text.split(/\s+/);
    const share = Math.ceil(words.length / lines.length);
    lines.forEach((line, place) => {
      line.textContent = words.slice(place * share, (place + 1) * share).join(" ");
      line.removeAttribute("textLength");
    });
    group.classList.add("sts-pending");
    if (rowOf(id)) rowOf(id).textContent = text;
  }

  function write(id, back) {
    const thing = byId.get(id);
    if (!thing?.can.includes("write")) return;
    choose(id);
    startWriting({ id, was: thing.text || "", label: thing.question || `Text of this ${thing.role}`, help: thing.help, most: thing.most, back: back || rowOf(id) });
  }
  function addUnder(id, back, which = 0) {
    const thing = byId.get(id);
    const add = thing?.adds?.[which];
    if (!add) return;
    const fields = { ...add.fields };
    if (add.field) fields[add.field] = add.many ? [id] : id;
    startWriting({ plus: { kind: add.kind, fields, near: id }, was: "", label: add.question || withArticle(add.word), help: add.help, most: add.most, back: back || rowOf(id) });
  }
  function addHere(element) {
    const plus = picture.pluses[Number(element.dataset.place)];
    startWriting({ plus, was: "", label: plus.question || plus.label, help: plus.help, most: plus.most, back: stage });
  }

  // --- questions that are asked in a panel above the picture

  let panelBack = null;
  function ask(question, inputs, choices, { leave = "Cancel", more = [] } = {}) {
    panelBack = panel.contains(document.activeElement) ? panelBack : document.activeElement;
    panel.hidden = false;
    const buttons = leave ? [...choices, button(leave, closePanel)] : choices;
    panel.replaceChildren(make("b", {}, question), ...inputs, ...buttons, ...more);
    (inputs[0]?.querySelector?.("input, select, textarea") || inputs[0] || panel.querySelector("button")).focus();
  }
  function closePanel() {
    panel.hidden = true;
    panel.replaceChildren();
    giveFocusBack(panelBack, chosen);
  }
  function labelled(label, input) {
    input.setAttribute("aria-label", label); // a label around a choice would be read with all its options
    return make("label", { class: "sts-field" }, label, input);
  }
  const line = (attributes = {}) => make("input", { ...QUIET_KEYS, ...attributes });
  const enter = (input, does) => input.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), does()));

  function askWho(then) {
    const name = line({ maxlength: 60, autocomplete: "name" });
    name.value = author;
    const keep = () => {
      if (!name.value.trim()) return say("Write your name, so that your team sees who wrote what.");
      author = name.value.trim();
      remember(WHO, author);
      mark();
      showWho();
      closePanel();
      then?.();
    };
    enter(name, keep);
    ask("Who is writing here?", [labelled("Your name or role", name)], [button("Go on", keep)]);
  }

  /** What was set aside, each with its reason, and the way back. */
  function askAside() {
    const back = (each) => () => {
      closePanel();
      operate({ op: "bring_back", id: each.id }, "Brought back");
    };
    const items = picture.aside.map((each) => {
      const why = each.why ? `: ${each.why}` : "";
      const by = each.by ? ` (${each.by})` : "";
      return make("li", {}, `${each.role} “${each.text}”${why}${by} `, button("Bring back", back(each), { "aria-label": `Bring back ${each.text}` }));
    });
    ask("Set aside, with the reasons", [], [], { leave: "Close", more: [make("ul", { class: "sts-aside" }, ...items)] });
  }

  function askWhy(id) {
    const thing = byId.get(id);
    if (!thing?.can.includes("drop")) return;
    const inside = things.filter((other) => other !== thing && isUnder(other, id)).length;
    const reason = line({ maxlength: 2000, placeholder: "What did you see that speaks against it?" });
    let asked = false;
    const does = () => {
      if (!reason.value.trim() && !asked) {
        asked = true; // a second press sets it aside without
        return say("In a few words: why? It helps whoever comes back to it.");
      }
      pending(id);
      closePanel();
      operate({ op: "drop", id, why: reason.value.trim() }, "Set aside; Undo brings it back");
    };
    enter(reason, does);
    const along = inside ? ` ${inside} under it ${inside === 1 ? "goes" : "go"} along.` : "";
    ask(`Set aside “${thing.text || thing.role}”?${along} Nothing is lost.`, [labelled("Why", reason)], [button("Set aside", does)]);
  }

  function askEvidence(id) {
    const thing = byId.get(id);
    const type = make("select", QUIET_KEYS, ...picture.evidence.map((each) => new Option(each.label, each.type)));
    const supports = make("select", QUIET_KEYS, new Option("for it", "yes"), new Option("against it", "no"));
    const text = line({ maxlength: 2000, placeholder: "What was said or seen, and where" });
    const source = make("select", { ...QUIET_KEYS, "aria-label": "From" });
    const where = line({ maxlength: 2000, placeholder: "Its name, its page, its date" });
    const stands = labelled("Where it stands", where);
    const sources = () => {
      stands.hidden = !["document", "research"].includes(type.value);
      const offered = picture.evidence.find((each) => each.type === type.value)?.sources || [];
      source.replaceChildren(new Option("not recorded here", ""), ...offered.map((each) => new Option(each.label.slice(0, 80), `${each.field} ${each.id}`)));
      source.parentElement.hidden = !offered.length;
    };
    const from = labelled("From", source);
    type.addEventListener("change", sources);
    sources();
    const does = () => {
      const [field, other] = source.value.split(" ");
      if (!stands.hidden && !where.value.trim()) return say("Write where it stands, so that others find it.");
      if (!text.value.trim() && !other) return say("Write what was said or seen, or choose where it stands.");
      const fields = { type: type.value, about: [id], supports: supports.value === "yes", text: text.value.trim() };
      if (other) fields[field] = [other];
      if (!stands.hidden) fields.source = where.value.trim();
      closePanel();
      operate({ op: "add", kind: "evidence", id: `evidence-${randomLetters(10)}`, fields }, "Evidence put on it; its grade follows");
    };
    enter(text, does);
    const takeOff = (each) => () => {
      closePanel();
      operate({ op: "drop", id: each.id, why: "Taken off by hand" }, "Evidence taken off; Undo puts it back");
    };
    const had = (thing.evidence || []).map((each) => make("li", {}, `${each.supports ? "For" : "Against"}, ${each.label}: ${each.text} `, button("Take off", takeOff(each), { "aria-label": `Take off ${each.label}: ${each.text}` })));
    const known = make("div", {}, make("i", {}, `Now: ${thing.grade}`), make("ul", {}, ...had));
    ask(`Evidence on “${thing.text}”`, [labelled("Kind", type), labelled("It speaks", supports), from, stands, labelled("What", text)], [button("Put it on", does)], { more: [known] });
  }

  /** Where evidence is still to be gathered: the plan stands on the cause as a note. */
  function askPlan(id) {
    const thing = byId.get(id);
    const plan = line({ maxlength: 2000, placeholder: "Noor asks two counselors by March 12" });
    plan.value = thing.plan?.text || "";
    const does = () => {
      const text = plan.value.trim();
      if (!text) return say("Write who asks whom, and by when.");
      closePanel();
      if (thing.plan) operate({ op: "change", id: thing.plan.id, fields: { text }, was: { text: thing.plan.text } }, "Plan changed");
      else operate({ op: "add", kind: "note", id: `note-${randomLetters(10)}`, fields: { on: id, text } }, "Plan written");
    };
    enter(plan, does);
    ask(`What would tell us more about “${thing.text}”?`, [labelled("Who asks whom, by when", plan)], [button("Keep the plan", does)]);
  }

  function askSplit(id) {
    const thing = byId.get(id);
    const [one, other] = [line(), line()];
    const halves = thing.text.split(/(?:;|,| and )\s*/);
    one.value = halves[0];
    other.value = halves.slice(1).join(", ");
    const does = () => {
      if (!one.value.trim() || !other.value.trim()) return say("Write both, or cancel.");
      closePanel();
      const made = `${thing.kind.replaceAll("_", "-")}-${randomLetters(10)}`;
      operate({ op: "split", id, made, texts: [one.value.trim(), other.value.trim()] }, "Split in two");
    };
    enter(other, does);
    ask(`Split “${thing.text}” in two`, [labelled("First", one), labelled("Second", other)], [button("Split", does)]);
  }

  function joinNext(id) {
    const thing = byId.get(id);
    const beside = siblings(thing);
    const next = beside[beside.indexOf(thing) + 1];
    if (!next) return say("There is none after it to join with");
    const keep = (one, other) => {
      const does = () => {
        closePanel();
        chosen = one.id;
        operate({ op: "join", id: one.id, other: other.id }, `Joined; “${other.text}” is kept with it`);
      };
      return button(`Keep “${one.text}”`, does, { class: "sts-words" });
    };
    const why = make("p", {}, "They become one. The other’s words are kept with it, and Undo parts them again.");
    ask("Two that say the same: whose words stand?", [], [keep(thing, next), keep(next, thing)], { more: [why] });
  }

  function fold(id) {
    if (!folded.delete(id)) folded.add(id);
    askForPicture();
    say(folded.has(id) ? "Folded" : "Unfolded");
  }

  function saveAs() {
    if (exporter.value) post({ op: "export", format: exporter.value });
    exporter.value = "";
  }
  function download({ file, type, words }, bytes) {
    const link = make("a", { href: URL.createObjectURL(new Blob([bytes], { type })), download: file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    say(`Saved ${file} with your downloads. ${words}`);
  }

  // --- handles beside what is pointed at

  const handle = (label, title, does) => button(label, does, { tabindex: "-1", title });
  const grip = make("span", { class: "sts-grip", title: "Drag it" }, "⠿");
  const addOne = handle("+", "Add under", () => addUnder(pointed));
  const giveVote = handle("▲", "Give a dot", () => (choose(pointed), vote(pointed, 1)));
  const setAside = handle("×", "Set aside", () => (choose(pointed), askWhy(pointed)));
  handles.append(grip, addOne, giveVote, setAside);

  function placeHandles(id = pointed || chosen) {
    const thing = byId.get(id);
    const place = places.get(id);
    handles.hidden = !thing || !place || Boolean(writing) || Boolean(drag?.moved);
    if (handles.hidden) return;
    pointed = id;
    grip.hidden = !thing.can.includes("order") && !targets(thing).length;
    addOne.hidden = !thing.adds?.length;
    giveVote.hidden = !thing.can.includes("vote");
    setAside.hidden = !thing.can.includes("drop");
    const base = paper.getBoundingClientRect();
    handles.classList.remove("sts-square");
    let best = bestPlace(place, base);
    if (best.cost) {
      handles.classList.add("sts-square");
      const square = bestPlace(place, base);
      if (square.cost < best.cost) best = square;
      else handles.classList.remove("sts-square");
    }
    const { x, y } = best;
    handles.style.left = `${x - base.left}px`;
    handles.style.top = `${y - base.top}px`;
  }

  /** Where the handles cover least of what is written, beside a thing: above it, before it, behind it, below it. */
  function bestPlace(place, base) {
    const at = place.getBoundingClientRect();
    const view = stage.getBoundingClientRect();
    const { offsetWidth: wide, offsetHeight: high } = handles;
    const sign = 20 * scale(); // a thing's mark stands before it
    const isNear = (box) => box.left < at.right + wide && box.right > at.left - sign - wide && box.top < at.bottom + high && box.bottom > at.top - high;
    const boxes = (elements) => [...elements].map((element) => element.getBoundingClientRect()).filter(isNear);
    const own = boxes((lettering.get(place.dataset.id) || []).flatMap((group) => [...group.querySelectorAll("text")]));
    const isOther = (line) => line.parentElement.dataset.item !== place.dataset.id;
    const others = boxes([...drawing.querySelectorAll("[data-item] text")].filter(isOther));
    others.push(...boxes(drawing.querySelectorAll(".plus circle, .hidden-count")));
    const shared = (from, to, low, most) => Math.max(0, Math.min(to, most) - Math.max(from, low));
    const left = Math.max(base.left, Math.min(at.left, base.right - wide));
    const between = [...own, ...others].flatMap((box) => [box.right, box.left - sign - wide]).filter((x) => x <= at.right && x + wide >= at.left - sign);
    const xs = [left, at.left - sign - wide, at.right, at.right - wide, ...between];
    const ys = [at.top - high, (at.top + at.bottom - high) / 2, at.bottom, at.top, at.bottom - high];
    const [low, most] = [Math.max(base.left, view.left), Math.min(base.right, view.right)];
    let best = { x: left, y: at.bottom, cost: Infinity };
    for (const y of ys) {
      for (const x of xs) {
        if (x < low || x + wide > most || y < base.top) continue;
        const covered = (box, mark) => shared(x, x + wide, box.left - mark, box.right) * shared(y, y + high, box.top, box.bottom);
        let cost = 0;
        for (const box of others) cost += covered(box, sign);
        for (const box of own) cost += 0.2 * covered(box, 0); // rather its own text: that is read already
        if (cost < best.cost) best = { x, y, cost };
      }
    }
    return best;
  }

  // --- the pointer: a click writes, the grip drags, the ground pans

  stage.addEventListener("pointermove", (event) => {
    if (drag) return moveDrag(event);
    const place = event.target.closest?.(".place");
    if (place && place.dataset.id !== pointed) placeHandles(place.dataset.id);
  });
  stage.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest("button, textarea")) return;
    const gripped = event.target.closest(".sts-grip");
    const place = gripped ? places.get(pointed) : event.target.closest(".place");
    if (event.pointerType === "touch" && !gripped) return; // a finger scrolls
    const thing = place && byId.get(place.dataset.id);
    drag = { thing, grip: Boolean(gripped), x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop, pointer: event.pointerId, targets: [] };
    if (!event.target.closest(".plus, .hidden-count")) event.preventDefault();
    stage.focus({ preventScroll: true }); // or the first click gives the focus to JupyterLab's cell, where x cuts it
  });

  function moveDrag(event) {
    if (!drag.moved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
    if (!drag.moved) beginDrag();
    if (!drag.ghost) return stage.scrollTo(drag.left - event.clientX + drag.x, drag.top - event.clientY + drag.y);
    const base = paper.getBoundingClientRect();
    drag.ghost.style.left = `${event.clientX - base.left + 14}px`;
    drag.ghost.style.top = `${event.clientY - base.top + 14}px`;
    const view = stage.getBoundingClientRect();
    if (event.clientY > view.bottom - 90) drag.ghost.style.top = `${event.clientY - base.top - 76}px`;
    if (event.clientX > view.right - 240) drag.ghost.style.left = `${event.clientX - base.left - 236}px`;
    const nearEdge = (at, low, high) => (at < low + 30 ? -12 : at > high - 30 ? 12 : 0);
    stage.scrollBy(nearEdge(event.clientX, view.left, view.right), nearEdge(event.clientY, view.top, view.bottom));
    const under = document.elementsFromPoint(event.clientX, event.clientY).find((element) => drag.targets.has(element.dataset?.id));
    drag.over?.classList.remove("over", "before");
    drag.over = under || null;
    drag.before = Boolean(under) && landsBefore(under, event.clientY);
    under?.classList.add(drag.before ? "before" : "over");
    drag.ghost.lastChild.textContent = under ? landing(under) : "Drop it on a marked one";
  }
  /** A thing dropped on the upper part of a neighbor goes before it, on the lower part under it. */
  function landsBefore(place, y) {
    const other = byId.get(place.dataset.id);
    if (!drag.thing.can.includes("order") || !siblings(drag.thing).includes(other)) return false;
    const at = place.getBoundingClientRect();
    return !placing(drag.thing, other) || y < at.top + 0.6 * at.height;
  }
  function landing(place) {
    const other = byId.get(place.dataset.id);
    const way = drag.before ? "Before" : placing(drag.thing, other).words;
    return `${way}: ${other.text || other.role}`.slice(0, 60);
  }
  function beginDrag() {
    drag.moved = true;
    stage.setPointerCapture(drag.pointer);
    handles.hidden = true;
    if (!drag.grip) return; // dragging from the text itself pans, as from the ground
    const wheres = new Set(targets(drag.thing).map((other) => other.id));
    if (drag.thing.can.includes("order")) siblings(drag.thing).forEach((other) => other !== drag.thing && wheres.add(other.id));
    drag.targets = wheres;
    wheres.forEach((id) => places.get(id)?.classList.add("takes"));
    drag.ghost = make("div", { class: "sts-ghost" }, drag.thing.text.slice(0, 60), make("b", {}));
    paper.append(drag.ghost);
  }
  function endDrag(cancelled) {
    if (!drag) return;
    const { thing, over, moved, ghost, before } = drag;
    drag = null;
    ghost?.remove();
    places.forEach((place) => place.classList.remove("takes", "over", "before"));
    if (moved && ghost && over && !cancelled) {
      choose(thing.id);
      if (before) {
        pending(thing.id);
        operate({ op: "move", id: thing.id, before: over.dataset.id }, "Moved");
      } else put(thing.id, over.dataset.id);
    } else if (!moved && thing && !cancelled) write(thing.id, rowOf(thing.id));
    if (heldBack) {
      heldBack = false;
      draw();
    }
  }
  stage.addEventListener("pointerup", () => endDrag(false));
  stage.addEventListener("pointercancel", () => endDrag(true));
  stage.addEventListener("click", (event) => {
    const plus = event.target.closest(".plus");
    const place = event.target.closest(".place");
    if (event.target.closest(".hidden-count")) fold(event.target.previousElementSibling.dataset.id);
    else if (plus) addHere(plus);
    else if (place && event.pointerType === "touch") write(place.dataset.id, rowOf(place.dataset.id));
  });
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    setZoom(scale() * (event.deltaY < 0 ? 1.1 : 0.9));
  }, { passive: false });

  // --- keys

  const pressOutside = (event) => writing && !writing.box.contains(event.target) && !event.target.closest?.(".jp-Dialog") && finish(false);
  document.addEventListener("pointerdown", pressOutside, true);
  root.addEventListener("mousedown", (event) => {
    event.stopPropagation(); // or JupyterLab gives the focus to its cell, where x cuts the cell
    if (!event.target.closest("button, select, input, textarea, .sts-stage")) root.focus({ preventScroll: true });
  });
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape" && drag) endDrag(true);
    const opener = event.key === "Escape" && event.target.closest(".sts-open")?.querySelector(".sts-more");
    if (opener) {
      unfold(opener, false);
      opener.focus();
    }
    const letter = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.target.closest("input, textarea")) return;
    if (letter === "z" || letter === "y") {
      event.preventDefault();
      (letter === "y" || event.shiftKey ? redo : undo).click();
    } else if (letter === "s") {
      event.preventDefault();
      say("It is saved as you go.");
    }
  });
  rows.addEventListener("focusin", (event) => {
    const id = event.target.closest("li").dataset.id;
    if (!byId.has(id)) return;
    choose(id);
    afterwards(id);
  });
  rows.addEventListener("keydown", (event) => {
    const row = event.target.closest("li");
    const id = row.dataset.id;
    if (!byId.has(id) || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && event.target.matches(".sts-add")) return; // it is pressed
    const next = (way) => {
      for (let other = row[way]; other; other = other[way]) if (other.querySelector("button")) return other.querySelector("button").focus();
    };
    const does = {
      Enter: () => write(id, event.target),
      F2: () => write(id, event.target),
      Insert: () => addUnder(id, event.target),
      "+": () => addUnder(id, event.target),
      Delete: () => askWhy(id),
      v: () => !actions.vote.hidden && vote(id, 1),
      e: () => !actions.evidence.hidden && askEvidence(id),
      m: () => !target.hidden && (unfold(actions.more, true), target.focus()),
      ArrowDown: () => (event.altKey ? reorder(id, 1) : next("nextElementSibling")),
      ArrowUp: () => (event.altKey ? reorder(id, -1) : next("previousElementSibling")),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });

  root.addEventListener("sts-echo", () => queue.send({ op: "echo" })); // nothing but the way there and back, for whoever measures

  // --- from Python

  function heard(message, buffers) {
    if (message.picture) return drawNew(message.picture);
    if (message.kept) queue.settle(message.kept);
    if (message.refused) {
      const op = queue.settle(message.refused);
      if (message.theirs !== undefined && op?.fields?.text !== undefined) settleBoth(op, message);
      else say(`Not done. ${message.why}${op?.fields?.text ? ` You wrote: “${op.fields.text}”` : ""}`);
      draw();
    }
    if (message.file) download(message, buffers[0]);
    if (message.say) say(message.say);
  }

  /** Two people wrote into one text: both are shown, and one of the two decides. */
  function settleBoth(op, message) {
    const mine = line({ maxlength: 2000 });
    mine.value = op.fields.text;
    const draft = `draft ${op.id}`; // until one is chosen: another question may take this panel's place
    shelf.put(draft, { text: mine.value, what: { id: op.id, label: "Yours" } });
    const theirs = make("p", {}, `${message.by || "Someone"} wrote meanwhile: “${message.theirs}”`);
    const decide = () => {
      shelf.remove(draft);
      closePanel();
    };
    const useMine = () => {
      decide();
      operate({ op: "change", id: op.id, fields: { text: mine.value.trim() }, was: { text: message.theirs } }, "Changed");
    };
    enter(mine, useMine);
    say("Two of you wrote here at the same time: both texts are shown");
    ask("Two of you wrote here at the same time", [labelled("Yours", mine)], [button("Use mine", useMine), button("Keep theirs", decide)], { leave: "Decide later", more: [theirs] });
  }

  function offerDraft() {
    const drafts = shelf.all().filter(([name]) => name.startsWith("draft "));
    if (!drafts.length || writing) return;
    const [name, draft] = drafts[0];
    const throwAway = () => {
      shelf.remove(name);
      closePanel();
    };
    const goOn = () => {
      closePanel();
      const thing = byId.get(draft.what.id);
      startWriting({ ...draft.what, was: draft.what.was ?? thing?.text ?? "", draft: draft.text, back: rowOf(draft.what.id) });
    };
    ask(`You were writing: “${draft.text}”`, [], [button("Go on writing", goOn), button("Throw it away", throwAway)], { leave: "Later" });
  }

  model.on("change:picture", drawWhole);
  model.on("msg:custom", heard);
  drawWhole();
  const resized = new ResizeObserver(askForWidth);
  resized.observe(stage);
  if (queue.waiting.length) say(`${queue.waiting.length} changes from before are sent again`);
  queue.replay(); // the record takes each of them once, by its key
  offerDraft();
  return () => {
    model.off("change:picture", drawWhole);
    model.off("msg:custom", heard);
    resized.disconnect();
    clearTimeout(queue.timer);
    document.removeEventListener("pointerdown", pressOutside, true);
  };
}

export default { render };
