import { eventInvokeConfig } from './resources/event-invoke-config';
import { lambdaFunction } from './resources/function';
import { layerVersion } from './resources/layer-version';
import { layerPermission, permission } from './resources/permission';
import { alias, version } from './resources/versions';

export default [lambdaFunction, permission, layerPermission, version, alias, eventInvokeConfig, layerVersion];
