import { type Agent, request as httpRequest } from 'node:http';

/** What is sent besides: nothing of it is a plain GET. */
export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One request, its answer read to the end; anything but 200 is an error. */
export async function getPage(url: string, agent: Agent | false = false, sent: Sent = {}): Promise<void> {
  const status = await statusOf(url, agent, sent);
  if (status !== 200) throw new Error(`status ${status}`);
}

export function statusOf(url: string, agent: Agent | false, sent: Sent = {}): Promise<number | undefined> {
  const { method = 'GET', headers = {}, body } = sent;
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { agent, method, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    request.once('error', reject);
    request.end(body);
  });
}
