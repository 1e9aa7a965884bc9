import type { Call } from '../../../kernel';
import { badRequest } from '../errors';
import { privatelyMapped } from '../private-domains/mappings';
import { mappingsOf, ofDomains } from './shared';

/** What a custom domain leads to is not removed from under it. */
export async function refuseMapped(call: Call, apiId: string, stage?: string): Promise<void> {
  const privately = privatelyMapped(call, apiId, stage);
  if (privately !== undefined) throw mapped(privately, stage);
  let NextToken: string | undefined;
  do {
    const page = await ofDomains(call, 'GetDomainNames', { NextToken });
    for (const { DomainName } of page.Items ?? []) {
      const mappings = await mappingsOf(call, DomainName);
      const used = mappings.find((one) => one.ApiId === apiId && (!stage || one.Stage === stage));
      if (!used) continue;
      throw mapped(`${DomainName}/${used.ApiMappingKey}`, stage);
    }
    NextToken = page.NextToken;
  } while (NextToken);
}

const mapped = (where: string, stage: string | undefined) =>
  badRequest(
    stage
      ? `Deleting stages failed. Please remove all base path mappings related to the stage in your domain: ${where}`
      : 'Please remove all base path mappings related to the API in your account before deleting this API.',
  );
