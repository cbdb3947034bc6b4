// Accents and case do not count: "pena" finds "Peña".
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const districts = [...document.querySelectorAll(".districts > li")].map((item) => ({ item, words: plain(item.dataset.words) }));
const find = document.getElementById("find");
const count = document.getElementById("count");

function show() {
  const asked = plain(find.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { item, words } of districts) {
    item.hidden = !asked.every((word) => words.includes(word));
    if (!item.hidden) shown += 1;
  }
  const all = `${districts.length.toLocaleString("en-US")} ${districts.length === 1 ? "district" : "districts"}`;
  count.textContent = asked.length === 0 ? all : shown === 0 ? "No district has this in its name, county or code." : `${shown.toLocaleString("en-US")} of ${all}`;
}

if (districts.length > 0) {
  document.querySelector("search").hidden = false;
  find.addEventListener("input", show);
  show();
}
