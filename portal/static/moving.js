// A session is given another time, room or day: dragged, or carried with the arrow keys. Without this file, and by
// touch, its “Move” leads to a form that does the same.
(() => {
  "use strict";
  const STEP = 5; // minutes
  const LAST = 24 * 60 - STEP;
  let held = null; // { card, offset, target }: what is carried, where it was taken hold of, where it would go
  let moved = null; // the UUID of what was dropped, to be found again

  const minutesOf = (clock) => clock.split(":").reduce((hours, minutes) => 60 * hours + Number(minutes), 0);
  const clockOf = (minutes) =>
    [Math.floor(minutes / 60), minutes % 60].map((each) => String(each).padStart(2, "0")).join(":");
  const between = (value, least, most) => Math.min(Math.max(value, least), most);
  const form = () => document.getElementById("moves-drop");
  const table = () => document.querySelector("table.rooms");
  const lanes = () => [...document.querySelectorAll(".rooms th[data-room]")];
  const days = () => [...document.querySelectorAll("[data-to-day]")];
  const holds = (rect, value, [from, to]) => rect[from] <= value && value < rect[to];

  const wordsOf = ({ day, minutes, room }) => {
    const chip = days().find((each) => each.dataset.toDay === day);
    const other = day !== held.card.dataset.day && chip ? `${chip.firstChild.textContent.trim()}, ` : "";
    return `${other}${clockOf(minutes)}${room ? `, ${room}` : ""}`;
  };
  const startOf = ({ dataset }) => ({ day: dataset.day, minutes: minutesOf(dataset.clock), room: dataset.in });

  // Where a point lies: in the table of rooms, at an hour of the day's view, on another day.
  const targetAt = (event) => {
    const at = (selector) => event.target.closest?.(selector);
    const chip = at("[data-to-day]");
    if (chip) return { ...startOf(held.card), day: chip.dataset.toDay, element: chip };
    const hour = at("[data-hour]");
    if (hour)
      return { ...startOf(held.card), day: hour.dataset.day, minutes: minutesOf(hour.dataset.hour), element: hour };
    return at(".rooms-wrap") ? targetInTable(event.clientX, event.clientY - held.offset) : null;
  };
  const targetInTable = (x, y) => {
    const lane = lanes().find((each) => holds(each.getBoundingClientRect(), x, ["left", "right"]));
    const rows = [...table().tBodies[0].rows].map((row) => row.getBoundingClientRect());
    if (!lane || !rows.length) return null;
    const line = between(
      rows.findIndex((each) => y < each.bottom),
      0,
      rows.length - 1,
    );
    const part = between((y - rows[line].top) / rows[line].height, 0, 1);
    const { day, first, step } = table().dataset;
    const exact = minutesOf(first) + (line + part) * Number(step);
    return { day, minutes: between(Math.round(exact / STEP) * STEP, 0, LAST), room: lane.dataset.room };
  };

  // What shows where it would go.
  const unmark = () => {
    document.querySelectorAll(".drop-here").forEach((each) => each.classList.remove("drop-here"));
    document.querySelector(".drop-mark")?.remove();
  };
  const say = (text) => {
    document.getElementById("moves-says").textContent = text;
  };
  const show = (target) => {
    held.target = target;
    unmark();
    if (!target) return;
    say(`“${held.card.querySelector(".title").textContent.trim()}” to ${wordsOf(target)}`);
    if (target.element) target.element.classList.add("drop-here");
    else if (table() && target.day === table().dataset.day) markInTable(target);
  };
  const markInTable = ({ minutes, room }) => {
    const wrap = document.querySelector(".rooms-wrap");
    const rows = [...table().tBodies[0].rows];
    const lane = lanes().find((each) => each.dataset.room === room);
    const line = (minutes - minutesOf(table().dataset.first)) / Number(table().dataset.step);
    const row = rows[between(Math.floor(line), 0, rows.length - 1)].getBoundingClientRect();
    const [outer, across] = [wrap.getBoundingClientRect(), lane.getBoundingClientRect()];
    const mark = document.createElement("div");
    mark.className = "drop-mark";
    mark.textContent = clockOf(minutes);
    Object.assign(mark.style, {
      left: `${across.left - outer.left + wrap.scrollLeft}px`,
      top: `${row.top + (line - Math.floor(line)) * row.height - outer.top + wrap.scrollTop}px`,
      width: `${across.width}px`,
      height: `${held.card.offsetHeight}px`,
    });
    wrap.append(mark);
    if (held.byKeys) mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const take = (card, offset, byKeys) => {
    held = { card, offset, byKeys, target: null };
    card.classList.add("held");
  };
  const letGo = () => {
    held?.card.classList.remove("held");
    unmark();
    say("");
    held = null;
  };
  const drop = () => {
    const { card, target } = held;
    const start = startOf(card);
    letGo();
    if (!target || ["day", "minutes", "room"].every((name) => target[name] === start[name])) return;
    const { moves, at, until, in: room } = card.dataset;
    const values = {
      session: moves,
      day: target.day,
      time: clockOf(target.minutes),
      room: target.room,
      was_at: at,
      was_until: until,
      was_in: room,
    };
    Object.entries(values).forEach(([name, value]) => {
      form().elements[name].value = value;
    });
    moved = moves;
    form().requestSubmit();
  };

  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-moves]");
    if (!card || !form()) return;
    const { left, top } = card.getBoundingClientRect();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.querySelector(".title").textContent.trim());
    event.dataTransfer.setDragImage(card, event.clientX - left, event.clientY - top);
    take(card, event.clientY - top, false);
  });
  document.addEventListener("dragover", (event) => {
    if (!held) return;
    show(targetAt(event));
    if (held.target) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!held) return;
    event.preventDefault();
    drop();
  });
  document.addEventListener("dragend", letGo);

  // The same by keyboard: Up and Down are minutes; Left and Right are rooms in the table, days elsewhere.
  const beside = (list, name, value, step) => {
    const here = list.findIndex((each) => each.dataset[name] === value);
    return list[between(here + step, 0, list.length - 1)]?.dataset[name] ?? value;
  };
  const carried = (key, target) => {
    const minutes = { ArrowUp: -STEP, ArrowDown: STEP }[key];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (minutes) return { ...target, minutes: between(target.minutes + minutes, 0, LAST) };
    if (!step) return null;
    if (table()) return { ...target, room: beside(lanes(), "room", target.room, step) };
    return { ...target, day: beside(days(), "toDay", target.day, step) };
  };
  document.addEventListener("keydown", (event) => {
    const card = event.target.closest?.(".move")?.closest("[data-moves]");
    if (!card || !form()) return;
    if (!held) {
      if (event.key !== " ") return;
      take(card, 0, true);
      show(startOf(card));
    } else if (event.key === "Escape") letGo();
    else if (["Enter", " "].includes(event.key)) drop();
    else {
      const target = carried(event.key, held.target);
      if (!target) return;
      show(target);
    }
    event.preventDefault();
  });
  document.addEventListener("focusout", () => {
    if (held?.byKeys) letGo();
  });

  // It comes back at its new place: whoever moved it goes on from there, and what the head says is asked for again.
  const hint = () => {
    if (form()) form().hidden = false;
  };
  document.addEventListener("htmx:afterSettle", () => {
    hint();
    if (!moved) return;
    const card = document.querySelector(`[data-moves="${CSS.escape(moved)}"]`);
    (card?.querySelector(".move") ?? document.querySelector("[data-to-day][aria-current]"))?.focus();
    moved = null;
    document.body.dispatchEvent(new CustomEvent("sessionMoved"));
  });
  hint();
})();
