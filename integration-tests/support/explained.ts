import { deployment } from './deployment';

interface Decision {
  action: string;
  role?: string;
  outcome: string;
  advice?: { text: string; grant?: { actions: string[] } };
}

/** `tierkit explain` names the grant that the role lacks. */
export async function refusalExplained(roleName: string, action: string): Promise<void> {
  const page = `${deployment().clientConfig.endpoint}/_tierkit/explain`;
  const refusals = (await (await fetch(page)).json()) as (Decision & { requestId: string })[];
  const last = refusals.findLast((one) => one.action === action && one.role?.endsWith(`/${roleName}`));
  expect(last).toMatchObject({ action, outcome: 'refused' });
  const answer = await fetch(`${page}?id=${last?.requestId}`);
  const { decisions } = (await answer.json()) as { decisions: Decision[] };
  expect(decisions).toContainEqual(
    expect.objectContaining({
      action,
      advice: expect.objectContaining({
        text: `Add to the policies of the role ${roleName}:`,
        grant: expect.objectContaining({ actions: [action] }),
      }),
    }),
  );
}
