/** Files and pictures: sent by picker, drop and paste, fetched, stopped, shown, saved. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import type { CDPSession, Page } from "playwright-core";
import { until } from "../fixtures/patience.ts";
import { enter, openRoom, say, shows } from "../fixtures/page/actions.ts";
import { problems } from "../fixtures/page/axe.ts";
import { type Looks, pageTest, type Person, PHONE, type Scene, WIDE } from "../fixtures/page/people.ts";

/** Two in a room, each at their page. */
async function attic(scene: Scene, looks: Looks = {}) {
  const [alice, bob] = [await scene.person("alice", looks), await scene.person("bob", looks)];
  const [hers, his] = [await enter(alice), await enter(bob)];
  await openRoom(hers, "Attic", "Anybody nearby can join");
  await his.getByRole("button", { name: "Join Attic" }).click();
  await shows(hers, "bob joined");
  return { alice, bob, hers, his };
}

/** Puts files into one of the dialog's pickers: the first is for files, the second for folders. */
async function pick(page: Page, paths: readonly string[], { picker = 0 } = {}): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const expression = `document.querySelectorAll("input[type=file]")[${picker}]`;
  const { result: { objectId } } = await cdp.send("Runtime.evaluate", { expression });
  assert(objectId !== undefined);
  await cdp.send("DOM.setFileInputFiles", { files: [...paths], objectId });
  await cdp.detach();
}

/** Drags files over the page to the middle of that element. */
async function drag(page: Page, paths: readonly string[], over: string) {
  const box = await page.locator(over).boundingBox();
  assert(box !== null);
  const cdp: CDPSession = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data };
  await cdp.send("Input.dispatchDragEvent", { type: "dragEnter", ...at });
  await cdp.send("Input.dispatchDragEvent", { type: "dragOver", ...at });
  return {
    drop: async () => {
      await cdp.send("Input.dispatchDragEvent", { type: "drop", ...at });
      await cdp.detach();
    },
  };
}

async function sendChosen(page: Page): Promise<void> {
  await page.getByRole("dialog").getByRole("button", { name: /^Send/ }).click();
  await page.getByRole("list", { name: "Files being sent" }).waitFor({ state: "detached" });
}

/** A picture, as bytes of a PNG. */
async function picture(page: Page): Promise<Uint8Array> {
  const encoded = await page.evaluate(
    `(() => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [640, 400];
      const context = canvas.getContext("2d");
      context.fillStyle = "teal";
      context.fillRect(0, 0, 640, 400);
      return canvas.toDataURL("image/png").split(",")[1];
    })()`,
  );
  return Uint8Array.from(atob(String(encoded)), (char) => char.charCodeAt(0));
}

const log = (page: Page) => page.getByRole("log");

function assertHealthy(...people: readonly Person[]): void {
  for (const { strayRequests, faults } of people) assertEquals([strayRequests, faults], [[], []]);
}

pageTest("a picture and a folder are picked, offered, fetched, shown, enlarged and saved", async (scene) => {
  const { alice, bob, hers, his } = await attic(scene);
  const folder = join(scene.folder, "chosen");
  await Deno.mkdir(join(folder, "Trip", "sub"), { recursive: true });
  const bytes = await picture(hers);
  await Deno.writeFile(join(folder, "sunset.png"), bytes);
  await Deno.writeTextFile(join(folder, "Trip", "notes.txt"), "on the way");
  await Deno.writeTextFile(join(folder, "Trip", "sub", "more.txt"), "further");
  await hers.getByRole("textbox", { name: /^Message to / }).fill("a draft that stays");
  await hers.getByRole("button", { name: "Send files" }).click();
  await pick(hers, [join(folder, "sunset.png")]);
  await pick(hers, [join(folder, "Trip")], { picker: 1 });
  const dialog = hers.getByRole("dialog");
  await dialog.getByText("2 files · 17 bytes").waitFor();
  await dialog.getByText("The members of Attic (2 now) can download them, and so can those who join later.")
    .waitFor();
  await sendChosen(hers);
  assertEquals(await hers.getByRole("textbox", { name: /^Message to / }).inputValue(), "a draft that stays");
  // Nothing comes by itself from somebody who is not verified.
  await log(his).getByRole("button", { name: "Get: sunset.png" }).waitFor();
  assertEquals(await log(his).getByRole("img").count(), 0);
  await log(his).getByRole("button", { name: "Get: sunset.png" }).click();
  const shown = log(his).getByRole("img", { name: "sunset.png, from alice" });
  await shown.waitFor();
  await until("the picture is painted", async (tell) => {
    const width = await shown.evaluate((image: HTMLImageElement) => image.naturalWidth);
    tell(width);
    return width === 640 ? true : null;
  });
  await log(his).getByRole("button", { name: "Enlarge sunset.png" }).click();
  await his.getByRole("dialog").getByRole("img").waitFor();
  await his.keyboard.press("Escape");
  const download = his.waitForEvent("download");
  await log(his).getByRole("button", { name: "Save…: sunset.png" }).click();
  const saved = await download;
  assertEquals(saved.suggestedFilename(), "sunset.png");
  assertEquals(await Deno.readFile(await saved.path()), bytes);
  await log(his).getByRole("button", { name: "Get: Trip" }).click();
  await log(his).getByRole("button", { name: "Copy path: Trip" }).waitFor();
  const rows = (await bob.run("files", "--json")).trim().split("\n")
    .map((line): { name: string; path: string | null } => JSON.parse(line));
  const path = rows.find(({ name }) => name === "Trip")?.path ?? "";
  assertEquals(await Deno.readTextFile(join(path, "sub", "more.txt")), "further");
  // Both have the list beside the conversation, newest first.
  const names = await his.getByRole("complementary").getByRole("region", { name: /Files/ })
    .getByRole("listitem").locator(".offer-name").allTextContents();
  assertEquals(names, ["Trip", "sunset.png"]);
  assertHealthy(alice, bob);
});

pageTest("files are dropped on the conversation, and nowhere else", async (scene) => {
  const { alice, bob, hers, his } = await attic(scene);
  const folder = join(scene.folder, "chosen");
  await Deno.mkdir(join(folder, "Trip", "sub"), { recursive: true });
  await Deno.mkdir(join(folder, "Nothing"));
  await Deno.writeTextFile(join(folder, "Trip", "sub", "more.txt"), "further");
  for (const name of ["plain.txt", "more.txt"]) await Deno.writeTextFile(join(folder, name), "text");
  const beside = await drag(hers, [join(folder, "plain.txt")], ".list-pane");
  assertEquals(await hers.getByText("Drop here to send to Attic").count(), 0);
  await beside.drop();
  await shows(hers, "bob joined");
  const paths = ["Trip", "Nothing", "plain.txt"].map((name) => join(folder, name));
  const over = await drag(hers, paths, ".conversation .log");
  await hers.getByText("Drop here to send to Attic").waitFor();
  await over.drop();
  const dialog = hers.getByRole("dialog", { name: "Send files to Attic" });
  await dialog.getByText("This folder is empty").waitFor();
  await dialog.getByText("1 file · 7 bytes").waitFor();
  assertEquals(await hers.getByText("Drop here to send to Attic").count(), 0);
  await dialog.getByRole("button", { name: "Remove plain.txt" }).click();
  const more = await drag(hers, [join(folder, "more.txt")], ".dialog");
  await more.drop();
  await dialog.getByText("more.txt").waitFor();
  await dialog.getByRole("button", { name: "Remove more.txt" }).click();
  await sendChosen(hers);
  await log(his).getByRole("button", { name: "Get: Trip" }).waitFor();
  assertEquals(await log(his).getByRole("article").count(), 1);
  assertHealthy(alice, bob);
});

pageTest("a picture is pasted; a text beside its picture is pasted as text", async (scene) => {
  const { alice, bob, hers, his } = await attic(scene);
  await alice.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const field = hers.getByRole("textbox", { name: /^Message to / });
  const copy = async (more: string) =>
    await hers.evaluate(
      `(async () => {
        const canvas = document.createElement("canvas");
        canvas.getContext("2d").fillRect(0, 0, 50, 50);
        const picture = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
        await navigator.clipboard.write([new ClipboardItem({ "image/png": picture, ${more} })]);
      })()`,
    );
  await copy("");
  await field.focus();
  await hers.keyboard.press("Control+v");
  const dialog = hers.getByRole("dialog", { name: "Send files to Attic" });
  const name = (await dialog.locator(".offer-name").textContent()) ?? "";
  assertMatch(name, /^\d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.png$/);
  await sendChosen(hers);
  await log(his).getByRole("button", { name: `Get: ${name}` }).waitFor();
  // Whoever wrote before goes on writing.
  await hers.keyboard.type("words");
  assertEquals(await field.inputValue(), "words");
  await field.fill("");
  await copy(
    `"text/plain": new Blob(["cells"], { type: "text/plain" }), "text/html": new Blob(["<b>cells</b>"], { type: "text/html" })`,
  );
  await field.focus();
  await hers.keyboard.press("Control+v");
  await until("the text is in the field", async (tell) => {
    const value = await field.inputValue();
    tell(value);
    return value === "cells" ? true : null;
  });
  assertEquals(await hers.getByRole("dialog").count(), 0);
  assertHealthy(alice, bob);
});

pageTest("a picture of somebody verified shows itself", async (scene) => {
  const { alice, bob, hers, his } = await attic(scene);
  const path = join(scene.folder, "sunset.png");
  await Deno.writeFile(path, await picture(hers));
  await bob.run("contacts", "verify", "alice", "--yes");
  await alice.run("file", "#Attic", path);
  await log(his).getByRole("img", { name: "sunset.png, from alice" }).waitFor();
  assertHealthy(alice, bob);
});

pageTest("a file waits for its source, is paused, and goes on when the source is back", async (scene) => {
  const { alice, bob, hers, his } = await attic(scene);
  const path = join(scene.folder, "large.bin");
  await Deno.writeFile(path, crypto.getRandomValues(new Uint8Array(64 * 1024)));
  await hers.getByRole("button", { name: "Send files" }).click();
  await pick(hers, [path]);
  await sendChosen(hers);
  await log(his).getByRole("button", { name: "Get: large.bin" }).waitFor();
  await alice.stop();
  await log(his).getByRole("button", { name: "Get: large.bin" }).focus();
  await his.keyboard.press("Enter");
  await log(his).getByText("waiting for somebody who has it").waitFor();
  await log(his).getByRole("progressbar", { name: "Progress of large.bin" }).waitFor();
  assertEquals(await problems(his), [], "a file under way");
  // The focus stays where the next thing to do is.
  assertEquals(await his.evaluate("document.activeElement?.getAttribute('aria-label')"), "Pause: large.bin");
  await his.keyboard.press("Enter");
  await log(his).getByText("paused").waitFor();
  await alice.start();
  await his.keyboard.press("Enter");
  await log(his).getByRole("button", { name: "Save…: large.bin" }).waitFor();
  assertEquals(bob.faults, []);
});

pageTest("names hide nothing, and what is no picture is not shown as one", async (scene) => {
  const { alice, bob, hers, his } = await attic(scene);
  const folder = join(scene.folder, "bad");
  await Deno.mkdir(folder);
  const names = [
    "photo.jpg.exe",
    "\u202Egpj.exe",
    "<img src=x onerror=alert(1)>.txt",
    "page.html",
    "drawing.svg",
    "fake.png",
  ];
  const script = `<svg xmlns="http://www.w3.org/2000/svg"><script>document.title="stolen"</script></svg>`;
  for (const name of names) await Deno.writeTextFile(join(folder, name), script);
  await Deno.writeFile(join(folder, "other.png"), await picture(hers));
  for (const name of names) await alice.run("file", "#Attic", join(folder, name));
  for (const [name, ending] of [["photo.jpg.exe", ".exe"], ["page.html", ".html"], ["drawing.svg", ".svg"]]) {
    const card = log(his).getByRole("article").filter({ hasText: name ?? "" });
    await card.getByText(`A program (${ending}). Open it only if you know what it does`).waitFor();
  }
  const texts = await log(his).locator(".offer-name").allTextContents();
  assert(texts.every((text) => !/[\u202A-\u202E\u2066-\u2069]/.test(text)), texts.join(" | "));
  assert(texts.some((text) => text.includes("onerror=alert(1)")), texts.join(" | "));
  for (const name of ["drawing.svg", "fake.png"]) {
    await log(his).getByRole("button", { name: `Get: ${name}` }).click();
    await log(his).getByRole("button", { name: `Save…: ${name}` }).waitFor();
  }
  await log(his).getByText("This picture cannot be shown. You can save it.").waitFor();
  assertEquals(await log(his).getByRole("img").count(), 0);
  // Also a node that answered with a page in a picture's place would have nothing run.
  const body = "<script>document.title='stolen'</script>";
  await his.route("**/file/**", (route) => route.fulfill({ status: 200, contentType: "text/html", body }));
  await alice.run("file", "#Attic", join(folder, "other.png"));
  await log(his).getByRole("button", { name: "Get: other.png" }).click();
  await until("neither picture is shown", async (tell) => {
    const count = await log(his).getByText("This picture cannot be shown. You can save it.").count();
    tell(count);
    return count === 2 ? true : null;
  });
  assert(!(await his.title()).includes("stolen"));
  assertHealthy(alice, bob);
  await say(hers, "still here");
  await shows(his, "still here");
});

pageTest("an upload that fails says why, is tried again, and can be stopped", async (scene) => {
  const { alice, hers } = await attic(scene);
  const path = join(scene.folder, "notes.txt");
  await Deno.writeTextFile(path, "words");
  await hers.route("**/upload/**", (route) =>
    route.request().method() === "PUT"
      ? route.fulfill({
        status: 507,
        contentType: "application/json",
        body: JSON.stringify({
          error: { message: "It does not fit on the disk of this node. Free some space and try again" },
        }),
      })
      : route.continue());
  await hers.getByRole("textbox", { name: /^Message to / }).fill("a draft that stays");
  await hers.getByRole("button", { name: "Send files" }).click();
  await pick(hers, [path]);
  await hers.getByRole("dialog").getByRole("button", { name: /^Send/ }).click();
  await hers.getByRole("alert").getByText("It does not fit on the disk of this node").waitFor();
  assertEquals(await problems(hers), [], "a failed upload");
  await hers.getByRole("button", { name: "Dismiss: notes.txt" }).waitFor();
  await hers.unroute("**/upload/**");
  await hers.getByRole("button", { name: "Try again" }).click();
  await log(hers).getByRole("button", { name: "Stop offering: notes.txt" }).click();
  await log(hers).getByText("no longer offered").waitFor();
  assertEquals(await hers.getByRole("textbox", { name: /^Message to / }).inputValue(), "a draft that stays");
  assertEquals(await Array.fromAsync(Deno.readDir(join(alice.home, "uploads"))), []);
});

for (
  const [what, looks] of [
    ["wide and light", { viewport: WIDE, colorScheme: "light" }],
    ["on a phone, dark", { viewport: PHONE, colorScheme: "dark" }],
  ] as const
) {
  pageTest(`axe finds nothing about files, ${what}`, async (scene) => {
    const { alice, bob, hers } = await attic(scene, looks);
    const folder = join(scene.folder, "chosen");
    await Deno.mkdir(folder);
    await Deno.writeFile(join(folder, "sunset.png"), await picture(hers));
    await Deno.writeTextFile(join(folder, "run.sh"), "exit");
    await hers.getByRole("button", { name: "Send files" }).click();
    assertEquals(await problems(hers), [], "nothing chosen");
    await pick(hers, [join(folder, "sunset.png"), join(folder, "run.sh")]);
    await hers.getByRole("dialog").getByText("run.sh").waitFor();
    assertEquals(await problems(hers), [], "files chosen");
    await sendChosen(hers);
    await log(hers).getByRole("img", { name: /sunset\.png/ }).waitFor();
    await log(hers).getByText("A program (.sh)").waitFor();
    assertEquals(await problems(hers), [], "offers in the log");
    await log(hers).getByRole("button", { name: "Enlarge sunset.png" }).click();
    await hers.getByRole("dialog").getByRole("img").waitFor();
    assertEquals(await problems(hers), [], "a picture enlarged");
    await hers.keyboard.press("Escape");
    if (looks.viewport === PHONE) await hers.getByRole("button", { name: "Details" }).click();
    await hers.getByRole("complementary").getByText(/^run/).waitFor();
    // On a phone the details cover the main part, with its heading.
    const rules = ["landmark-one-main", "page-has-heading-one"];
    const found = (await problems(hers)).filter((problem) => !rules.some((rule) => problem.startsWith(rule)));
    assertEquals(found, [], "the list of files");
    assertHealthy(alice, bob);
  });
}
