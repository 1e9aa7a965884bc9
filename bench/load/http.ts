import { type Agent, get } from 'node:http';

/** One request, its answer read to the end; anything but 200 is an error. */
export function getPage(url: string, agent: Agent | false = false): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, agent ? { agent } : { agent: false }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    request.once('error', reject);
  });
}
