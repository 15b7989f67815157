// Buttons that jump to an hour, and a bar of what the browser has loaded of the film so far.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000;

const film = document.querySelector("#day");
const hours = document.querySelector("#hours");
const loaded = document.querySelector("#loaded");

hours.hidden = false;
hours.addEventListener("click", (event) => {
  const seconds = event.target.dataset.seconds;
  if (seconds !== undefined) film.currentTime = Number(seconds);
});

for (const type of ["loadedmetadata", "progress", "seeked", "timeupdate"]) {
  film.addEventListener(type, draw);
}
draw();

function draw() {
  if (Number.isNaN(film.duration)) return;
  loaded.hidden = false;
  const bars = [];
  for (let i = 0; i < film.buffered.length; i += 1) {
    const from = film.buffered.start(i);
    bars.push(bar(from, film.buffered.end(i) - from, ""));
  }
  bars.push(bar(film.currentTime, film.duration * 0.004, "now"));
  loaded.querySelector("svg").replaceChildren(...bars);
}

function bar(from, seconds, name) {
  const shape = document.createElementNS(SVG, "rect");
  shape.setAttribute("class", name);
  shape.setAttribute("x", String((from / film.duration) * WIDTH));
  shape.setAttribute("width", String((seconds / film.duration) * WIDTH));
  shape.setAttribute("height", "10");
  return shape;
}
