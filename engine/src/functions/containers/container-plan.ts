import type { Credentials } from '../../identity';
import type { UnpackedCode } from '../code-store';
import type { FunctionSpec } from '../functions';
import { Unstartable } from '../runtime';
import { lambdaVariables } from '../settings';
import { awsNames } from './aws-names';
import type { ContainerNetwork } from './network';
import type { ContainerPlan } from './runtime-container';
import { dockerArchitecture } from './runtime-images';
import { SHARED } from './shared-files';

export interface PlanInput {
  spec: FunctionSpec;
  /** Id or name. */
  image: string;
  architecture: string;
  /** What the function asks for. */
  wanted: string;
  /** Of a function that is no image. */
  code: UnpackedCode | undefined;
  network: ContainerNetwork;
  credentials: Credentials;
  logStream: string;
  enginePort: number;
  runtimeApi: string;
  /** Folder of the files that are for all containers. */
  shared: string;
  /** Names that have a server of their own, with its address; and the address of all other names of AWS. */
  hosts: readonly { name: string; address: string }[];
  awsAddress: string;
  /** A hosts file, where Docker takes no names. */
  hostsFile: string | undefined;
  /** Left out where the container cannot reach it. */
  xrayDaemon: string | undefined;
  labels: Record<string, string>;
}

/** Lambda's own user. */
const USER = '993:990';
const MB = 1024 * 1024;

/** A container that is as like Lambda's sandbox as Docker can make it. */
export function planContainer(input: PlanInput): ContainerPlan {
  const { spec, network, code } = input;
  const memory = spec.memorySize * MB;
  const mount = (source: string, target: string) => `${network.path(source)}:${target}:ro`;
  return {
    platform: `linux/${dockerArchitecture(input.architecture)}`,
    ...(input.architecture === input.wanted ? {} : { unstartable: otherMachine(spec) }),
    body: {
      Image: input.image,
      User: USER,
      Env: Object.entries(environment(input)).map(([name, value]) => `${name}=${value}`),
      ...command(spec),
      AttachStdout: true,
      AttachStderr: true,
      Labels: input.labels,
      HostConfig: {
        NetworkMode: network.mode,
        ...(network.kind === 'container' ? {} : { ExtraHosts: extraHosts(input) }),
        Binds: [
          mount(input.shared, SHARED),
          ...(code ? [mount(code.taskRoot, '/var/task'), mount(code.optRoot, '/opt')] : []),
          ...(input.hostsFile ? [mount(input.hostsFile, '/etc/hosts')] : []),
        ],
        Memory: memory,
        // No swap: who grows beyond is ended.
        MemorySwap: memory,
        ReadonlyRootfs: true,
        Tmpfs: { '/tmp': `rw,exec,nosuid,nodev,mode=1777,size=${spec.ephemeralStorage}m` },
        // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: threads and open files.
        PidsLimit: 1024,
        Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 1024 }],
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        // As on Lambda there is no /dev/shm.
        IpcMode: 'none',
        // The output is ours: Docker need not keep it.
        LogConfig: { Type: 'none' },
      },
    },
  };
}

/** As on Lambda, where an image for another machine is taken and then does not start. */
function otherMachine({ image }: FunctionSpec): Unstartable {
  const program = image?.entryPoint?.[0] ?? '/lambda-entrypoint.sh';
  return new Unstartable('Runtime.InvalidEntrypoint', `fork/exec ${program}: exec format error`);
}

/** What runs: an image's own entry point unless the function has another; AWS's images take the handler. */
function command({ image, runtime, handler }: FunctionSpec): object {
  if (image) {
    return {
      ...(image.entryPoint ? { Entrypoint: image.entryPoint } : {}),
      ...(image.command ? { Cmd: image.command } : {}),
      ...(image.workingDirectory ? { WorkingDir: image.workingDirectory } : {}),
    };
  }
  if (!runtime.startsWith('provided')) return { Cmd: [handler] };
  // An operating system only: the function brings its runtime along.
  // https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
  const script =
    'for file in /var/task/bootstrap /opt/bootstrap; do [ -x "$file" ] && exec "$file"; done; ' +
    'echo "Couldn\'t find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]" >&2; exit 127';
  return { Entrypoint: ['/bin/sh', '-c', script], Cmd: [] };
}

const PRELOAD = `--require ${SHARED}/container-preload.js`;

function environment(input: PlanInput): Record<string, string> {
  const { spec, network } = input;
  const own = spec.environment;
  return {
    ...(spec.image ? {} : { LANG: 'en_US.UTF-8', TZ: ':UTC' }),
    AWS_ENDPOINT_URL: `http://${network.engineHost}:${input.enginePort}`,
    ...own,
    // Here the local authority signs for AWS.
    ...(own.NODE_EXTRA_CA_CERTS === undefined || own.NODE_EXTRA_CA_CERTS === '/var/runtime/ca-cert.pem'
      ? { NODE_EXTRA_CA_CERTS: `${SHARED}/ca.pem` }
      : {}),
    NODE_OPTIONS: [PRELOAD, own.NODE_OPTIONS].filter(Boolean).join(' '),
    ...lambdaVariables(spec, input.credentials, input.logStream),
    AWS_LAMBDA_RUNTIME_API: input.runtimeApi,
    ...(input.xrayDaemon === undefined ? {} : { AWS_XRAY_DAEMON_ADDRESS: input.xrayDaemon }),
    ...(spec.image
      ? {}
      : { _HANDLER: spec.handler, LAMBDA_TASK_ROOT: '/var/task', LAMBDA_RUNTIME_DIR: '/var/runtime' }),
  };
}

/** Names that must lead elsewhere, as Docker and a hosts file want them. */
function extraHosts(input: PlanInput): string[] {
  return [
    ...allHosts(input).map(({ name, address }) => `${name}:${address}`),
    ...(input.network.kind === 'gateway' ? ['host.docker.internal:host-gateway'] : []),
  ];
}

export function hostsText(input: Pick<PlanInput, 'spec' | 'hosts' | 'awsAddress'>): string {
  const lines = allHosts(input).map(({ name, address }) => `${address}\t${name}`);
  return ['127.0.0.1\tlocalhost', '::1\tlocalhost ip6-localhost ip6-loopback', ...lines, ''].join('\n');
}

function allHosts({ spec, hosts, awsAddress }: Pick<PlanInput, 'spec' | 'hosts' | 'awsAddress'>) {
  return [...awsNames(spec.region).map((name) => ({ name, address: awsAddress })), ...hosts];
}
