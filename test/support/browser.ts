// A page in the system's Chromium, with everything noted that a static page must not do: errors, requests, dialogs.
import { type Browser, chromium, type Page } from 'playwright-core';

/** Widths of a telephone and of a screen, in pixels. */
export const VIEWPORTS = [390, 1280] as const;

export interface Visit {
  readonly page: Page;
  /** Errors of the console and of scripts, dialogs, and addresses other than the page's own. */
  readonly offences: readonly string[];
}

/** The Chromium that bin/test-browser.js found. Throws where the variable is missing. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_BIN;
  if (executablePath === undefined) throw new Error('CHROMIUM_BIN is not set: run npm run test:browser');
  return chromium.launch({ executablePath });
}

/** Opens the address in a new page of this width. The browser's end closes it. */
export async function visit(browser: Browser, address: string, width: number): Promise<Visit> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  page.setDefaultTimeout(10_000);
  const offences: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') offences.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => offences.push(`script: ${error.message}`));
  page.on('dialog', (dialog) => {
    offences.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== address) offences.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  return { page, offences };
}

/** How many pixels of the page are beyond the right edge of the screen. */
export async function overflow(page: Page): Promise<number> {
  // As text: the types of a page are not those of Node.
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Names and sizes of the pictures that are shown. */
export async function shownPictures(page: Page): Promise<{ name: string | null; width: number; height: number }[]> {
  const boxes = await page.locator('svg[role=img]:visible').all();
  return Promise.all(
    boxes.map(async (box) => {
      const { height = 0, width = 0 } = (await box.boundingBox()) ?? {};
      return { name: await box.getAttribute('aria-label'), width, height };
    }),
  );
}
