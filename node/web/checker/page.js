// The page: a file comes in by the input or a drop, what was found goes out as text. Nothing leaves the computer.
import { checkBundle } from "./bundle.js";
import { MOST_BYTES } from "./zip.js";
import { reportOf } from "./report.js";
import { visible } from "./showing.js";

const PAUSE = 100; // milliseconds between two words of progress
const find = (id) => document.getElementById(id);
let newest = 0;

async function check(file) {
  const mine = ++newest;
  document.documentElement.dataset.state = "working";
  find("result").replaceChildren();
  const outcome = await outcomeOf(file).catch(failed);
  if (mine !== newest) return;
  find("result").replaceChildren(...reportOf(outcome));
  find("working").textContent = visible(`${file.name}: checked.`);
  document.documentElement.dataset.word = outcome.word ?? "";
  document.documentElement.dataset.state = outcome.state;
}

async function outcomeOf(file) {
  if (globalThis.crypto?.subtle === undefined) {
    return refused("browser", "It offers no WebCrypto here: open the page over https, or as a file.");
  }
  if (file.size > MOST_BYTES) return refused("zip", "It is larger than 200 MB.");
  let told = 0;
  const progress = async (what, done, all) => {
    if (performance.now() - told < PAUSE) return;
    told = performance.now();
    find("working").textContent = `${what}: ${done} of ${all}`;
  };
  return checkBundle(new Uint8Array(await file.arrayBuffer()), { progress });
}

// What nobody foresaw is no pass either.
function failed(error) {
  return refused("this page", `The check broke off: ${error.message}`);
}

function refused(place, sentence) {
  return { state: "refused", place, sentence };
}

function start() {
  find("file").addEventListener("change", (event) => {
    if (event.target.files.length === 1) check(event.target.files[0]);
  });
  for (const name of ["dragover", "drop", "dragleave"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      find("drop").classList.toggle("over", name === "dragover");
    });
  }
  document.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length === 1) check(event.dataTransfer.files[0]);
  });
  document.documentElement.dataset.state = "ready";
}

start();
