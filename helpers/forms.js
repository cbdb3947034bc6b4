// A form made from what Python sends: boxes with their questions, choices of things, and what a coach would ask.
// What is typed is kept in this browser until it is sent, and what is sent until the record has it.

function render({ model, el }) {
  const shelf = new Shelf(model.get("scope"));
  let form = {}; // {parts: [{kind, heading, add, fields, things}], number}
  let author = remembered(WHO);
  let added = ""; // the id of what was added last: it stands open
  const boxes = new Map(); // "id field" -> the box, its cell, and the value that it was last shown with

  const { queue, status, again } = keeping(model, shelf);
  const who = make("input", { ...QUIET_KEYS, type: "text", maxlength: 200, autocomplete: "off", onchange: signed });
  const undo = button("Undo", () => operate({ op: "undo" }, "Taken back"));
  const bar = make("div", { class: "sts-bar" }, make("label", { class: "sts-author" }, "Who writes? ", who), undo, status, again);
  const live = make("div", { class: "sts-live", role: "status", "aria-live": "polite" });
  const body = make("div", { class: "sts-form" });
  const root = make("div", { class: "sts", ...QUIET_KEYS }, bar, body, live);
  root.addEventListener("keydown", (event) => event.stopPropagation()); // or JupyterLab takes letters for its own
  el.append(root);
  who.value = author;

  const say = (text) => (live.textContent = text);

  function signed() {
    author = who.value.trim();
    remember(WHO, author);
    if (author) body.querySelectorAll(".sts-unsent").forEach((cell) => cell.dispatchEvent(new Event("sts-send")));
  }
  /** One operation, signed; without a name it waits, and what was typed is kept meanwhile. */
  function operate(op, said) {
    who.value ||= remembered(WHO); // another form of the page may have asked
    author = who.value.trim();
    if (!author) {
      say("Write your name first, at the top left; what you typed is kept.");
      who.focus();
      return null;
    }
    remember(WHO, author);
    say(said || "");
    return queue.send({ by: author, ...op });
  }

  // --- boxes

  const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
  const draftOf = (id, name) => `draft ${id} ${name}`;

  /** A box for a field: the element, how its value is read, and how it is shown. */
  function boxFor(field, label) {
    const common = { ...QUIET_KEYS, "aria-label": label };
    if (field.type === "several") return ticks(field, label);
    if (field.type === "yes") {
      const box = make("input", { ...common, type: "checkbox" });
      return { element: box, read: () => box.checked, show: (value) => (box.checked = Boolean(value)) };
    }
    if (field.type === "one") {
      const box = make("select", common);
      const show = (value, options) => {
        box.replaceChildren(...options.map(([id, words]) => new Option(words, id)));
        box.value = value ?? "";
      };
      return { element: box, read: () => box.value || field.empty, show };
    }
    if (field.type === "number") {
      const box = make("input", { ...common, type: "text", inputmode: "decimal" });
      const read = () => {
        const text = box.value.trim().replaceAll(",", "");
        if (!text) return null;
        return Number.isFinite(Number(text)) ? Number(text) : box.value; // Python says what was expected
      };
      return { element: box, read, show: (value) => (box.value = value ?? "") };
    }
    if (field.type === "date") {
      const box = make("input", { ...common, type: "date" });
      return { element: box, read: () => box.value || null, show: (value) => (box.value = value ?? "") };
    }
    const long = field.type === "lines";
    const box = make(long ? "textarea" : "input", { ...common, maxlength: field.letters, rows: long ? 2 : false });
    const grow = () => {
      if (!long) return;
      box.style.height = "auto";
      if (box.scrollHeight) box.style.height = `${box.scrollHeight + 2}px`;
    };
    box.addEventListener("input", grow);
    const show = (value) => {
      box.value = value ?? "";
      requestAnimationFrame(grow);
    };
    return { element: box, read: () => box.value.trim(), show };
  }
  function ticks(field, label) {
    const group = make("fieldset", { class: "sts-ticks", "aria-label": label });
    const read = () => [...group.querySelectorAll("input:checked")].map((tick) => tick.value);
    const show = (value, options) => {
      const held = new Set(value || []);
      const tick = ([id, words]) => make("label", {}, make("input", { type: "checkbox", value: id, checked: held.has(id), ...QUIET_KEYS }), ` ${words}`);
      group.replaceChildren(...(options.length ? options.map(tick) : [make("i", {}, "There is none to choose yet.")]));
    };
    return { element: group, read, show };
  }

  /** A field of a thing: its question, its help, its box, and what was said about it. */
  function cellFor(thing, field) {
    const name = thing.name ? `${field.question} (${thing.name})` : field.question;
    const box = boxFor(field, name);
    const note = make("div", { class: "sts-note", role: "status" });
    const cell = make("div", { class: `sts-cell sts-type-${field.type}` }, make("b", {}, field.question), make("small", {}, field.help), box.element, note);
    const had = { ...box, cell, note, field, id: thing.id, shown: undefined };
    const keep = () => {
      const value = had.read();
      if (same(value, had.shown)) shelf.remove(draftOf(had.id, field.name));
      else shelf.put(draftOf(had.id, field.name), value);
    };
    const send = () => {
      const value = had.read();
      if (same(value || null, had.shown || null) && !cell.classList.contains("sts-unsent")) return;
      const was = { [field.name]: had.shown ?? null };
      const op = operate({ op: "change", id: had.id, fields: { [field.name]: value }, was });
      cell.classList.toggle("sts-unsent", !op);
      if (!op) return;
      shelf.remove(draftOf(had.id, field.name)); // the queue keeps it now
      had.shown = value;
      note.textContent = "";
    };
    box.element.addEventListener("input", keep);
    box.element.addEventListener("change", send);
    cell.addEventListener("sts-send", send);
    boxes.set(`${had.id} ${field.name}`, had);
    return had;
  }

  // --- the form as it stands now

  function draw() {
    form = JSON.parse(model.get("form"));
    const sections = form.parts.map((part) => sectionFor(part));
    const old = [...body.children];
    if (old.length !== sections.length) body.replaceChildren(...sections);
    body.dataset.number = form.number; // says that this state is there, for whoever waits for it
  }

  function sectionFor(part) {
    const section = body.querySelector(`[data-part="${part.part}"]`) || newSection(part);
    const list = section.querySelector(".sts-things");
    const standing = new Map([...list.children].map((child) => [child.dataset.id, child]));
    const ids = new Set(part.things.map((thing) => thing.id));
    standing.forEach((child, id) => ids.has(id) || child.contains(document.activeElement) || child.remove());
    part.things.forEach((thing, place) => {
      const group = standing.get(thing.id) || newGroup(part, thing);
      if (list.children[place] !== group) list.insertBefore(group, list.children[place] || null);
      showThing(part, thing, group);
    });
    section.querySelector(".sts-none").hidden = part.things.length > 0;
    return section;
  }
  function newSection(part) {
    const none = make("p", { class: "sts-none" }, "Nothing here yet.");
    const section = make("section", { "data-part": part.part }, make("h4", {}, part.heading), make("div", { class: "sts-things" }), none);
    if (part.add) section.append(adding(part));
    return section;
  }
  /** A new thing begins with its first words; the rest is asked once it is there. */
  function adding(part) {
    const field = part.fields.find(({ name }) => name === "text" || name === "name");
    const box = make("input", { ...QUIET_KEYS, type: "text", maxlength: 200, placeholder: field.question, "aria-label": `${part.add}: ${field.question}` });
    const draft = `new ${part.kind}`;
    box.value = shelf.get(draft) || "";
    const add = () => {
      const text = box.value.trim();
      if (!text && part.kind !== "member") return box.focus(); // a voice that is still looked for has no name yet
      const begins = Object.fromEntries(part.fields.filter((one) => one.begins !== undefined).map((one) => [one.name, one.begins]));
      const id = `${part.kind.replaceAll("_", "-")}-${randomLetters(10)}`;
      added = id;
      if (!operate({ op: "add", kind: part.kind, id, fields: { ...begins, [field.name]: text } }, "Added")) return;
      shelf.remove(draft);
      box.value = "";
    };
    box.addEventListener("input", () => shelf.put(draft, box.value));
    box.addEventListener("keydown", (event) => event.key === "Enter" && add());
    return make("div", { class: "sts-adding" }, box, button(part.add, add));
  }
  function newGroup(part, thing) {
    const cells = part.fields.map((field) => cellFor(thing, field).cell);
    const outlook = make("p", { class: "sts-outlook", hidden: true }); // what the data could show by the aim's date
    const coach = make("div", { class: "sts-coach", hidden: true });
    const group = make("div", { class: "sts-thing", "data-id": thing.id }, ...cells, outlook, coach);
    if (part.part !== part.kind) return folding(part, thing, group); // one of several
    return group;
  }
  /** One of several things: folded under its name, so that a long list can be read. */
  function folding(part, thing, group) {
    if (part.add) group.append(button("Take it out", () => operate({ op: "drop", id: thing.id, why: "" }, "Taken out; Undo brings it back"), { class: "sts-drop" }));
    delete group.dataset.id;
    const few = !part.add || part.things.length < 3 || thing.id === added;
    return make("details", { class: "sts-one", "data-id": thing.id, open: few }, make("summary", {}, ""), group);
  }
  /** The first short values of a thing, beside its name, so that a folded list tells something. */
  function inShort(part, thing) {
    const short = part.fields.filter((field) => field.type === "line" || (field.type === "one" && field.empty !== null));
    const words = short.map((field) => {
      const value = thing.values[field.name];
      return field.options ? value && field.options.find(([id]) => id === value)?.[1] : value;
    });
    return words.filter((text) => text && text !== thing.name).slice(0, 2);
  }
  function showThing(part, thing, group) {
    for (const field of part.fields) {
      const had = boxes.get(`${thing.id} ${field.name}`);
      const value = thing.values[field.name];
      const draft = shelf.get(draftOf(thing.id, field.name));
      const here = had.element.contains(document.activeElement);
      const waiting = queue.waiting.some((op) => op.id === thing.id && op.fields && field.name in op.fields);
      const first = had.shown === undefined;
      const options = (field.options || []).filter(([id]) => id !== thing.id);
      if (!here && !waiting && !had.conflict) {
        if (!same(had.value, value) || !same(had.options, options) || first) had.show(value, options);
        had.value = had.shown = value;
        had.options = options;
      }
      if (first && draft !== undefined && !same(draft, value)) {
        had.show(draft, options);
        had.cell.classList.add("sts-unsent");
        had.note.textContent = "You were writing this. Click in it and press Enter or leave it, to keep it.";
        if (author) had.cell.dispatchEvent(new Event("sts-send"));
      }
    }
    const summary = group.querySelector("summary");
    if (summary) summary.textContent = [thing.name || "(no words yet)", ...inShort(part, thing)].join(" · ");
    summary?.classList.toggle("sts-has-advice", thing.findings.length > 0);
    const outlook = group.querySelector(".sts-outlook");
    outlook.hidden = part.part !== "aim" || !form.outlook;
    outlook.textContent = form.outlook;
    const coach = group.querySelector(".sts-coach");
    coach.hidden = !thing.findings.length;
    coach.replaceChildren(...thing.findings.map(({ what, do: next }) => make("p", {}, `${what} ${next}`)));
  }

  // --- from Python

  function heard(message) {
    if (message.kept) queue.settle(message.kept);
    if (message.refused) refuse(message);
    if (message.say) say(message.say);
  }
  function refuse(message) {
    const op = queue.settle(message.refused);
    const name = Object.keys(op?.fields || {})[0];
    const had = boxes.get(`${op?.id} ${name}`);
    if (!had) return say(`Not done. ${message.why}`);
    const mine = op.fields[name];
    shelf.put(draftOf(had.id, name), mine);
    had.conflict = true;
    had.show(mine, had.options || []);
    had.cell.classList.add("sts-unsent");
    if (message.theirs === undefined) {
      had.note.replaceChildren(message.why);
      had.shown = had.value;
      had.conflict = false;
      return;
    }
    const decide = (value) => {
      had.conflict = false;
      had.note.replaceChildren();
      had.shown = message.theirs;
      had.cell.classList.remove("sts-unsent");
      shelf.remove(draftOf(had.id, name));
      had.show(value, had.options || []);
      had.element.dispatchEvent(new Event("change"));
    };
    had.note.replaceChildren(
      `${message.by || "Someone"} wrote here meanwhile: “${message.theirs}” `,
      button("Use mine", () => decide(mine)), button("Keep theirs", () => decide(message.theirs)),
    );
  }

  if (queue.waiting.length) say(`${queue.waiting.length} changes from before are sent again`);
  return attending(model, queue, draw, heard);
}

export default { render };
