import { AwsError, type Call, type Operation } from '../../kernel';
import { versionNotFound } from './names';
import { newest, notFound, stateOf, type Version } from './store';

const MOST_LABELS = 10;

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html */
function isLabel(label: string): boolean {
  return /^[A-Za-z_.-][A-Za-z0-9_.-]*$/.test(label) && !/^(aws|ssm)/i.test(label);
}

function find(call: Call, name: string, number: number | undefined): Version {
  const found = newest(call, name);
  if (!found) throw notFound();
  const version = number === undefined ? found.version : stateOf(call).versions.get([name, number]);
  if (!version) throw versionNotFound(name, `version ${number}`);
  return version;
}

/** A label is on one version at a time: putting it on another moves it. */
export const labelParameterVersion: Operation<'ssm', 'LabelParameterVersion'> = (input, call) => {
  const name = input.Name!;
  const { versions } = stateOf(call);
  const version = find(call, name, input.ParameterVersion);
  const good = input.Labels!.filter(isLabel);
  const labels = [...new Set([...version.labels, ...good])];
  if (labels.length > MOST_LABELS) {
    throw new AwsError(
      'ParameterVersionLabelLimitExceeded',
      'A parameter version can have maximum 10 labels.Move one or more labels to another version and try again.',
    );
  }
  call.store.transaction(() => {
    for (const other of [...versions.values({ prefix: name })]) {
      const kept = other.labels.filter((label) => !good.includes(label));
      if (kept.length < other.labels.length) versions.put([name, other.version], { ...other, labels: kept });
    }
    versions.put([name, version.version], { ...version, labels });
  });
  return {
    InvalidLabels: input.Labels!.filter((label) => !isLabel(label)),
    ParameterVersion: version.version,
  };
};

export const unlabelParameterVersion: Operation<'ssm', 'UnlabelParameterVersion'> = (input, call) => {
  const version = find(call, input.Name!, input.ParameterVersion);
  const gone = new Set(input.Labels!);
  stateOf(call).versions.put([input.Name!, version.version], {
    ...version,
    labels: version.labels.filter((label) => !gone.has(label)),
  });
  return {
    RemovedLabels: [...gone].filter((label) => version.labels.includes(label)),
    InvalidLabels: [...gone].filter((label) => !version.labels.includes(label)),
  };
};
