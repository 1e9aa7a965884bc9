import type { Rule, Statement, VisibilityConfig } from '@aws-sdk/client-wafv2';
import {
  AssociateWebACLCommand,
  CreateWebACLCommand,
  type CreateWebACLCommandInput,
  GetWebACLCommand,
  UpdateWebACLCommand,
  type UpdateWebACLCommandInput,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { mocked } from '../apigateway/seen-support';
import { Bed, type TestApi } from '../apigateway/support';

export const visible = (MetricName: string, on = true): VisibilityConfig => ({
  MetricName,
  CloudWatchMetricsEnabled: on,
  SampledRequestsEnabled: on,
});

export const NONE = [{ Priority: 0, Type: 'NONE' as const }];

/** A rule that blocks what matches, unless it says something else. */
export const rule = (
  Name: string,
  Priority: number,
  statement: Statement,
  more: Partial<Rule> = {},
): Rule => ({
  Name,
  Priority,
  Statement: statement,
  VisibilityConfig: visible(Name),
  ...(more.OverrideAction ? {} : { Action: { Block: {} } }),
  ...more,
});

export const bytes = (
  search: string,
  more: Partial<NonNullable<Statement['ByteMatchStatement']>> = {},
): Statement => ({
  ByteMatchStatement: {
    SearchString: Buffer.from(search),
    FieldToMatch: { UriPath: {} },
    TextTransformations: NONE,
    PositionalConstraint: 'CONTAINS',
    ...more,
  },
});

/** An engine, an API with a stage, and web ACLs in front of it. */
export class WafBed {
  private constructor(
    readonly bed: Bed,
    readonly waf: WAFV2Client,
    readonly api: TestApi,
  ) {}

  static async start(options: Parameters<typeof Bed.start>[0] = {}): Promise<WafBed> {
    const bed = await Bed.start(options);
    const api = await bed.newApi();
    for (const method of ['GET', 'POST']) {
      await mocked(api, '/{proxy+}', method);
      await mocked(api, '/', method);
    }
    await api.deploy();
    return new WafBed(bed, bed.cloud.client(WAFV2Client), api);
  }

  stageArn(stage = 'prod', api = this.api.id): string {
    return `arn:aws:apigateway:us-east-1::/restapis/${api}/stages/${stage}`;
  }

  /** A web ACL that lets through what no rule blocks. */
  async newWebAcl(Name: string, rules: Rule[], more: Partial<CreateWebACLCommandInput> = {}) {
    const { Summary } = await this.waf.send(
      new CreateWebACLCommand({
        Name,
        Scope: 'REGIONAL',
        DefaultAction: { Allow: {} },
        VisibilityConfig: visible(Name),
        Rules: rules,
        ...more,
      }),
    );
    return Summary!;
  }

  async protect(WebACLArn: string, stage?: string): Promise<void> {
    await this.waf.send(new AssociateWebACLCommand({ WebACLArn, ResourceArn: this.stageArn(stage) }));
  }

  /** A new web ACL in front of the stage. */
  async protected(Name: string, rules: Rule[], more: Partial<CreateWebACLCommandInput> = {}) {
    const summary = await this.newWebAcl(Name, rules, more);
    await this.protect(summary.ARN!);
    return summary;
  }

  async update(Name: string, Id: string, more: Partial<UpdateWebACLCommandInput>) {
    const named = { Name, Id, Scope: 'REGIONAL' as const };
    const { LockToken, WebACL } = await this.waf.send(new GetWebACLCommand(named));
    const { DefaultAction, Rules, VisibilityConfig } = WebACL!;
    await this.waf.send(
      new UpdateWebACLCommand({ ...named, LockToken, DefaultAction, Rules, VisibilityConfig, ...more }),
    );
  }

  async status(path: string, init?: RequestInit): Promise<number> {
    const response = await this.api.fetch(path, init);
    await response.arrayBuffer();
    return response.status;
  }

  stop(): Promise<void> {
    return this.bed.stop();
  }
}
