import { defineService } from '../../kernel';
import { segmentDelivery } from '../../observe/tracing';
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './aliases';
import { resumeEvents } from './async';
import { blobsOf } from './blobs';
import {
  deleteFunctionConcurrency,
  getAccountSettings,
  getFunctionConcurrency,
  putFunctionConcurrency,
} from './concurrency';
import { createFunction } from './create-function';
import { accountOf } from './cross-account';
import { readEarlierState } from './earlier-state';
import {
  deleteFunctionEventInvokeConfig,
  getFunctionEventInvokeConfig,
  listFunctionEventInvokeConfigs,
  putFunctionEventInvokeConfig,
  updateFunctionEventInvokeConfig,
} from './event-invoke-config';
import { invoke } from './invoke';
import { invokeWithResponseStream } from './invoke-streaming';
import {
  addLayerVersionPermission,
  getLayerVersionPolicy,
  removeLayerVersionPermission,
} from './layer-permissions';
import {
  deleteLayerVersion,
  getLayerVersion,
  getLayerVersionByArn,
  listLayers,
  listLayerVersions,
  publishLayerVersion,
} from './layers';
import { addPermission, getPolicy, removePermission } from './permissions';
import {
  deleteFunction,
  getFunction,
  getFunctionConfiguration,
  listFunctions,
  listVersionsByFunction,
} from './read-functions';
import { listTags, tagResource, untagResource } from './tags';
import { updateFunctionCode, updateFunctionConfiguration } from './update-function';
import { publishVersion } from './versions';

export default defineService({
  name: 'lambda',
  operations: {
    AddLayerVersionPermission: addLayerVersionPermission,
    AddPermission: addPermission,
    CreateAlias: createAlias,
    CreateFunction: createFunction,
    DeleteAlias: deleteAlias,
    DeleteFunction: deleteFunction,
    DeleteFunctionConcurrency: deleteFunctionConcurrency,
    DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig,
    DeleteLayerVersion: deleteLayerVersion,
    GetAccountSettings: getAccountSettings,
    GetAlias: getAlias,
    GetFunction: getFunction,
    GetFunctionConcurrency: getFunctionConcurrency,
    GetFunctionConfiguration: getFunctionConfiguration,
    GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig,
    GetLayerVersion: getLayerVersion,
    GetLayerVersionByArn: getLayerVersionByArn,
    GetLayerVersionPolicy: getLayerVersionPolicy,
    GetPolicy: getPolicy,
    Invoke: invoke,
    InvokeWithResponseStream: invokeWithResponseStream,
    ListAliases: listAliases,
    ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs,
    ListFunctions: listFunctions,
    ListLayers: listLayers,
    ListLayerVersions: listLayerVersions,
    ListTags: listTags,
    ListVersionsByFunction: listVersionsByFunction,
    PublishLayerVersion: publishLayerVersion,
    PublishVersion: publishVersion,
    PutFunctionConcurrency: putFunctionConcurrency,
    PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig,
    RemoveLayerVersionPermission: removeLayerVersionPermission,
    RemovePermission: removePermission,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateAlias: updateAlias,
    UpdateFunctionCode: updateFunctionCode,
    UpdateFunctionConfiguration: updateFunctionConfiguration,
    UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig,
  },
  accountOf,
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
  start(host, stores) {
    readEarlierState(stores);
    resumeEvents(host, stores);
  },
  blobs: blobsOf,
  stop: (host) => {
    host.memo('lambda:async', () => ({ stopped: false })).stopped = true;
    return segmentDelivery(host).flush();
  },
});
