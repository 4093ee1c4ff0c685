// Taking back the last log: said only once it is on the device.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

/** @type {Record<string, any>} */
const elements = {};
const made = (id) => ({ id, textContent: "", hidden: false, on: {}, classList: { toggle: () => undefined }, addEventListener(name, listener) { this.on[name] = listener; } });
globalThis.document = /** @type {any} */ ({ getElementById: (id) => (elements[id] ??= made(id)), querySelectorAll: () => [] });
const { offerUndo, startUndo } = await import("../../app/static/js/counter/undo.js");

startUndo();
const press = () => elements["undo-button"].on.click();
const text = () => elements["undo-text"].textContent;
const isOffered = () => !elements["undo-button"].hidden;

beforeEach(() => { mock.timers.reset(); mock.timers.enable({ apis: ["setInterval", "Date"] }); });

test("what is on the device is taken back, and the button is gone", async () => {
  offerUndo("王**", 1, async () => true);
  assert.equal(isOffered(), true);
  await press();
  assert.deepEqual([text(), isOffered()], ["taken_back", false]);
});

test("a full device does not say that it is taken back, and can try again", async () => {
  const answers = [false, true];
  offerUndo("王**", 1, async () => answers.shift());
  await press();
  assert.deepEqual([text(), isOffered()], ["not_written_text", true]);
  await press();
  assert.deepEqual([text(), isOffered(), answers.length], ["taken_back", false, 0]);
});

test("what was logged while the one before was taken back is offered", async () => {
  offerUndo("王**", 1, async () => { offerUndo("李**", 1, async () => true); return true; });
  await press();
  assert.deepEqual([text(), isOffered()], ["logged", true]);
});
