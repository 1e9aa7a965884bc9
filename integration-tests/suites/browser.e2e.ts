import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { eventually } from '../support/api';
import { BROWSER_FLAGS, findBrowser } from '../support/browser';
import { deployment } from '../support/deployment';
import { closeDocuments, putShow, seatsLeft } from '../support/shows';

describe('browser', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_FLAGS });
    page = await browser.newPage({ viewport: { width: 390, height: 844 }, ignoreHTTPSErrors: true });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText;
      // The site gives up a load when its reader moves on: that is no failure.
      if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()} ${reason}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 500) complaints.push(`${response.url()} ${response.status()}`);
    });
  });

  afterAll(async () => {
    await browser?.close();
    closeDocuments();
  });

  test('a guest buys two seats on a phone, sees the ticket and returns it', async () => {
    const title = `A Phone Call ${randomUUID().slice(0, 8)}`;
    const show = await putShow({ title, seats: 6, startsAt: '2020-01-01T19:00:00.000Z' });
    // The list may be in the cache for as long as that keeps it.
    await eventually(async () => {
      await page.goto(deployment().siteUrl);
      await page.getByRole('heading', { name: title }).waitFor({ timeout: 2_000 });
    }, 40_000);
    const card = page.getByRole('listitem').filter({ hasText: title });
    expect(await card.textContent()).toContain('6 seats left');
    const shots = mkdtempSync(join(tmpdir(), 'theatre-shots-'));
    await page.screenshot({ path: join(shots, 'shows.png'), fullPage: true });

    await card.getByRole('button', { name: /Buy tickets/ }).click();
    const dialog = page.getByRole('dialog', { name: title });
    await dialog.getByLabel('Seats').selectOption('2');
    await dialog.getByLabel('Name').fill('Ada Guest');
    await dialog.getByLabel('E-mail').fill(`${randomUUID()}@example.com`);
    await page.screenshot({ path: join(shots, 'buy.png') });
    await dialog.getByRole('button', { name: 'Buy 2 tickets' }).click();
    await dialog.getByText('2 seats booked.').waitFor();
    expect(await seatsLeft(show.id)).toBe(4);

    await dialog.getByRole('button', { name: 'See my tickets' }).click();
    await page.getByRole('heading', { name: 'My tickets' }).waitFor();
    const stub = page.getByRole('listitem').filter({ hasText: title });
    await stub.waitFor();
    await page.screenshot({ path: join(shots, 'tickets.png') });
    await stub.getByRole('button', { name: `Return ${title}` }).click();
    await stub.getByRole('button', { name: 'Yes, return' }).click();
    await page.getByText(`Returned: ${title}, 2 seats.`).waitFor();
    expect(await stub.count()).toBe(0);
    expect(await seatsLeft(show.id)).toBe(6);

    // Whoever changed something sees it at once, whatever is in the caches for others.
    await page.getByRole('link', { name: 'What’s on' }).click();
    await card.getByText('6 seats left').waitFor({ timeout: 3_000 });
    process.stderr.write(`screenshots: ${shots}\n`);
  });

  test('the venues come from Postgres', async () => {
    await page.goto(`${deployment().siteUrl}/venues`);
    await page.getByRole('heading', { name: 'The Old Mill' }).waitFor();
    await page.getByText('You are the town.').waitFor();
  });

  test('no page is wider than a small phone', async () => {
    await page.setViewportSize({ width: 360, height: 700 });
    for (const path of ['/', '/tickets', '/venues']) {
      await page.goto(deployment().siteUrl + path, { waitUntil: 'networkidle' });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([path, width]).toEqual([path, 360]);
    }
  });

  test('nothing failed on the way', () => {
    expect(complaints).toEqual([]);
  });
});
