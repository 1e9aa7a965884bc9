import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { theatreApp } from '../lib/app';

let outdir: string;
const exitCode = process.exitCode;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'theatre-nag-'));
});

afterEach(() => {
  rmSync(outdir, { recursive: true, force: true });
  // A finding sets it for the CLI's sake; here the expectations speak.
  process.exitCode = exitCode;
});

function checked(): App {
  // CDK's own validation of templates as well, which a deployment goes without.
  const app = theatreApp({ outdir, builtinCloudFormationValidation: true });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

test('cdk-nag and CDK’s validation find nothing that is not accepted with a reason', () => {
  expect(() => checked().synth()).not.toThrow();
}, 60_000);

test('what is accepted is accepted for its own construct only', () => {
  const app = checked();
  new Bucket(new Stack(app, 'Other'), 'Open');
  expect(() => app.synth()).toThrow(/Other\/Open\/Resource[\s\S]*AwsSolutions-S1\b/);
}, 60_000);
