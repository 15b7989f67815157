// The demo's forms in a browser that runs no scripts.
import assert from "node:assert/strict";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { chromium, type Page } from "playwright-core";
import { DEMO, withDemo } from "./served-demo.ts";

const WIDTHS = [1280, 390];
const executablePath = programOnPath("chromium");
const skip = executablePath === null && "no chromium here";

function programOnPath(name: string): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // it may be in the next one
    }
  }
  return null;
}

/** A page of each width in turn; what it asks for and is refused is a complaint. */
async function withPages(use: (page: Page, complaints: string[]) => Promise<void>): Promise<void> {
  const args = ["--no-sandbox"]; // tests may run as root, which Chromium's sandbox does not
  const browser = await chromium.launch({ executablePath: executablePath!, args });
  try {
    for (const width of WIDTHS) {
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        javaScriptEnabled: false,
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("response", (answer) => {
        const isIcon = answer.url().endsWith("/favicon.ico");
        if (answer.status() >= 400 && !isIcon)
          complaints.push(`${answer.status()} ${answer.url()}`);
      });
      page.on("requestfailed", (request) => {
        const why = request.failure()?.errorText;
        // The browser goes to the next page, and drops what it asked for on the last.
        if (why !== "net::ERR_ABORTED") complaints.push(`${why} ${request.url()}`);
      });
      await use(page, complaints);
    }
  } finally {
    await browser.close();
  }
}

async function fits(page: Page): Promise<void> {
  const { scrollWidth, clientWidth } = await page
    .locator("html")
    .evaluate(({ scrollWidth: scroll, clientWidth: client }) => ({
      scrollWidth: scroll,
      clientWidth: client,
    }));
  assert.ok(scrollWidth <= clientWidth, `${page.url()} is ${scrollWidth} wide`);
}

test("a picture goes from the upload page to the disk, and is shown", { skip }, () =>
  withDemo(async ({ url, stored }) =>
    withPages(async (page, complaints) => {
      await page.goto(`${url}/`);
      await page.click("nav >> text=Upload");
      await fits(page);
      await page.setInputFiles("input[type=file]", join(DEMO, "pictures/portico.png"));
      await page.click("form button");
      await page.waitForURL(/stored=/u);
      await fits(page);
      const width = await page.locator("img").evaluate((image) => {
        return (image as unknown as { naturalWidth: number }).naturalWidth;
      });
      assert.equal(width, 1920);
      assert.ok((await stored("pictures")).includes("portico.png"));
      await page.click("text=Back to the form");
      assert.equal(page.url(), `${url}/upload/`);
      assert.deepEqual(complaints, []);
    }),
  ),
);

test("the guest book shows what was written into it", { skip }, () =>
  withDemo(async ({ url }) => {
    await withPages(async (page, complaints) => {
      await page.goto(`${url}/`);
      await page.click("nav >> text=Guests");
      await fits(page);
      await page.click("form button"); // the browser itself asks for what is required
      assert.equal(page.url(), `${url}/guests/`);
      await page.fill("#name", "Ann");
      await page.fill("#text", "Two\nlines");
      await page.click("form button");
      await page.waitForSelector("[role=status]");
      await fits(page);
      assert.match(await page.locator("section.split").innerText(), /Ann[^]*Two\nlines/u);
      await page.click("text=page in PHP");
      assert.match(await page.locator("main").innerText(), /Good day, Ann/u);
      assert.deepEqual(complaints, []);
    });
  }),
);
