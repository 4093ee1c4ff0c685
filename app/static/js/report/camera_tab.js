// @ts-check
/** The raised button opens the camera itself: the photo is taken before the form is seen. */
import { owner } from "../outbox/items.js";

const FORM = "/reports/new";

/** @param {File} file */
async function addToDraft(file) {
  const [{ prepare }, { loadDraft, newDraft, saveDraft }] = await Promise.all([
    import("../photos/downsize.js"), import("./draft.js"),
  ]);
  const user = await owner();
  const draft = (await loadDraft(user)) ?? newDraft(user);
  const photo = { ...(await prepare(file)), owner: user ?? 0 };
  if (draft.photos.length < 4 && !draft.photos.some((one) => one.sha256 === photo.sha256)) draft.photos.push(photo);
  await saveDraft(draft);
}

/** @param {MouseEvent} event */
function openCamera(event) {
  event.preventDefault();
  const here = document.getElementById("camera");
  if (here) return here.click();
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "image/*";
  input.setAttribute("capture", "environment");
  // Whatever happens, the form comes next: it says what is wrong and offers the gallery.
  const goOn = () => { location.href = FORM; };
  input.addEventListener("cancel", goOn);
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    if (file) await addToDraft(file).catch(() => undefined);
    goOn();
  });
  input.click();
}

/** On a phone with a camera; elsewhere the link is a link. */
export function startCameraTab() {
  const tab = document.getElementById("camera-tab");
  if (tab && matchMedia("(pointer: coarse)").matches) tab.addEventListener("click", openCamera);
}
