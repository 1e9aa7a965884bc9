import { isAwsError } from '../kernel';
import { type PropertyChange, propertyChanges, strongest } from './diff';
import type { Engine } from './engine';
import { type Desired, planningScope, resolveProperties } from './evaluate';
import { resourceFacts } from './facts';
import { asText, resolve } from './intrinsics';
import type { ParameterValue } from './parameters';
import { accept, providerFor } from './provision';
import type { OutputRecord, ResourceRecord } from './records';
import { references } from './references';
import { KNOWN_AFTER_APPLY } from './scope';

/** Why a property changes, as DescribeChangeSet tells it. */
export interface ChangeDetail {
  source:
    | 'DirectModification'
    | 'ParameterReference'
    | 'ResourceReference'
    | 'ResourceAttribute'
    | 'Automatic';
  evaluation: 'Static' | 'Dynamic';
  causing?: string;
  attribute: 'Properties' | 'Metadata' | 'Tags';
  name?: string;
  recreation: 'Always' | 'Conditionally' | 'Never';
  before?: string;
  after?: string;
}

export interface PlannedChange {
  action: 'Add' | 'Modify' | 'Remove';
  logicalId: string;
  physicalId?: string;
  type: string;
  replacement?: 'True' | 'False' | 'Conditional';
  policyAction?: string;
  scope: string[];
  details: ChangeDetail[];
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

export interface Plan {
  changes: PlannedChange[];
  /** Whether there is anything to do at all: outputs and tags count too. */
  differs: boolean;
  /** What could not be told beforehand. */
  warning?: string;
}

const RECREATION = { always: 'Always', conditionally: 'Conditionally', never: 'Never' } as const;

function shown(value: unknown): string | undefined {
  return value === undefined ? undefined : (asText(value) ?? JSON.stringify(value));
}

class Planner {
  readonly #planned = new Map<string, PlannedChange | undefined>();
  warning: string | undefined;

  constructor(
    readonly desired: Desired,
    readonly records: ReadonlyMap<string, ResourceRecord>,
    readonly changedParameters: ReadonlySet<string>,
    readonly tagsChanged: boolean,
  ) {}

  /** The planned change of a resource; undefined where it stays as it is. */
  async plan(logicalId: string): Promise<PlannedChange | undefined> {
    if (this.#planned.has(logicalId)) return this.#planned.get(logicalId);
    for (const need of this.desired.graph.get(logicalId) ?? []) await this.plan(need);
    const planned = await this.#resource(logicalId);
    this.#planned.set(logicalId, planned);
    return planned;
  }

  /** A resource as it will still be there; undefined where it is made or made anew. */
  #standing(logicalId: string): ResourceRecord | undefined {
    const planned = this.#planned.get(logicalId);
    if (planned?.action === 'Add' || planned?.replacement === 'True') return undefined;
    return this.records.get(logicalId);
  }

  async #properties(logicalId: string, type: string): Promise<Record<string, unknown>> {
    const scope = planningScope(this.desired, (id) => this.#standing(id));
    let properties: Record<string, unknown>;
    try {
      properties = resolveProperties(this.desired, logicalId, scope);
    } catch (error) {
      if (!isAwsError(error)) throw error;
      this.warning ??= `[WARN] --include-property-values option can return incomplete ChangeSet data because: ChangeSet creation failed for resource [${logicalId}] because: ${error.message}`;
      return this.desired.template.Resources[logicalId]?.Properties ?? {};
    }
    try {
      return accept({ logicalId, type }, await providerFor({ logicalId, type }), properties);
    } catch (error) {
      // What is not accepted fails when the change set is executed, by name.
      if (!isAwsError(error)) throw error;
      return properties;
    }
  }

  async #resource(logicalId: string): Promise<PlannedChange | undefined> {
    const declaration = this.desired.template.Resources[logicalId];
    if (!declaration) return undefined;
    const type = declaration.Type;
    const there = this.records.get(logicalId);
    const after = await this.#properties(logicalId, type);
    if (!there || there.physicalId === '' || there.status.startsWith('DELETE_')) {
      return { action: 'Add', logicalId, type, scope: [], details: [], after };
    }
    const changes = propertyChanges(type, there.properties, after);
    const details = changes.flatMap((change) => this.#details(logicalId, change));
    const facts = resourceFacts(type);
    const scope = details.length > 0 ? ['Properties'] : [];
    if (this.tagsChanged && facts?.tags) {
      scope.push('Tags');
      details.push({
        source: 'DirectModification',
        evaluation: 'Static',
        attribute: 'Tags',
        recreation: 'Never',
      });
    }
    if (JSON.stringify(declaration.Metadata) !== JSON.stringify(there.metadata)) {
      scope.push('Metadata');
      details.push({
        source: 'DirectModification',
        evaluation: 'Static',
        attribute: 'Metadata',
        recreation: 'Never',
      });
    }
    if (details.length === 0) return undefined;
    const rule = strongest(changes);
    // What only a resource that is not there yet decides may turn out the same.
    const certain = details.some((each) => each.recreation === 'Always' && each.evaluation === 'Static');
    const replacement =
      rule === 'always'
        ? certain
          ? 'True'
          : 'Conditional'
        : rule === 'conditionally'
          ? 'Conditional'
          : 'False';
    const retain = declaration.UpdateReplacePolicy === 'Retain';
    return {
      action: 'Modify',
      logicalId,
      physicalId: there.physicalId,
      type,
      replacement,
      ...(replacement === 'True' ? { policyAction: retain ? 'ReplaceAndRetain' : 'ReplaceAndDelete' } : {}),
      scope,
      details,
      before: there.properties,
      after,
    };
  }

  #details(logicalId: string, change: PropertyChange): ChangeDetail[] {
    const raw = this.desired.template.Resources[logicalId]?.Properties?.[change.name];
    const before = shown(change.before);
    const after = shown(change.after);
    const common = {
      attribute: 'Properties' as const,
      name: change.name,
      recreation: RECREATION[change.replacement],
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
    const details: ChangeDetail[] = [];
    const conditions = this.desired.base.conditions;
    for (const { to, attribute } of references(raw, (name) => conditions[name])) {
      const planned = this.#planned.get(to);
      if (attribute === undefined && this.changedParameters.has(to)) {
        details.push({ ...common, source: 'ParameterReference', evaluation: 'Static', causing: to });
      } else if (planned && attribute === undefined && planned.action !== 'Add') {
        const evaluation = planned.replacement === 'True' ? 'Static' : 'Dynamic';
        details.push({ ...common, source: 'ResourceReference', evaluation, causing: to });
      } else if (planned && attribute !== undefined && planned.action !== 'Add') {
        const evaluation = planned.replacement === 'True' ? 'Static' : 'Dynamic';
        details.push({ ...common, source: 'ResourceAttribute', evaluation, causing: `${to}.${attribute}` });
      }
    }
    details.push({
      ...common,
      source: 'DirectModification',
      evaluation: details.length > 0 ? 'Dynamic' : 'Static',
    });
    return details;
  }
}

function sameOutputs(
  desired: Desired,
  records: ReadonlyMap<string, ResourceRecord>,
  outputs: readonly OutputRecord[],
): boolean {
  const scope = planningScope(desired, (id) => records.get(id));
  const wanted = Object.entries(desired.template.Outputs ?? {})
    .filter(([, { Condition }]) => Condition === undefined || desired.base.conditions[Condition])
    .map(([key, output]) => {
      const value = (given: unknown): string | undefined => {
        try {
          return asText(resolve(given, scope));
        } catch (error) {
          if (!isAwsError(error)) throw error;
          return KNOWN_AFTER_APPLY;
        }
      };
      return [key, value(output.Value), output.Description, output.Export && value(output.Export.Name)];
    });
  const there = outputs.map(({ key, value, description, exportName }) => [
    key,
    value,
    description,
    exportName,
  ]);
  const order = (list: unknown[][]): string =>
    JSON.stringify([...list].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)));
  return order(wanted) === order(there);
}

/** What a stack's change to `desired` would do, resource by resource. */
export async function plan(
  _engine: Engine,
  desired: Desired,
  there: {
    records: readonly ResourceRecord[];
    parameters: readonly ParameterValue[];
    outputs: readonly OutputRecord[];
    tagsChanged: boolean;
  },
): Promise<Plan> {
  const records = new Map(there.records.map((each) => [each.logicalId, each]));
  const old = new Map(there.parameters.map((each) => [each.key, each.resolved ?? each.value]));
  const changed = new Set(
    desired.parameters
      .filter((each) => old.get(each.key) !== (each.resolved ?? each.value))
      .map(({ key }) => key),
  );
  const planner = new Planner(desired, records, changed, there.tagsChanged);
  const changes: PlannedChange[] = [];
  for (const logicalId of desired.graph.keys()) {
    const change = await planner.plan(logicalId);
    if (change) changes.push(change);
  }
  for (const record of there.records) {
    if (desired.graph.has(record.logicalId) || record.status.startsWith('DELETE_')) continue;
    const retain = record.deletionPolicy === 'Retain' || record.deletionPolicy === 'RetainExceptOnCreate';
    changes.push({
      action: 'Remove',
      logicalId: record.logicalId,
      physicalId: record.physicalId,
      type: record.type,
      policyAction: retain ? 'Retain' : record.deletionPolicy === 'Snapshot' ? 'Snapshot' : 'Delete',
      scope: [],
      details: [],
      before: record.properties,
    });
  }
  changes.sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
  const differs = changes.length > 0 || there.tagsChanged || !sameOutputs(desired, records, there.outputs);
  return { changes, differs, ...(planner.warning ? { warning: planner.warning } : {}) };
}
