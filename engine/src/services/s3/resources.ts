import { bucketDeploymentResource } from './bucket-deployment';
import { bucketPolicyResource, bucketResource } from './resource-bucket';
import { bucketNotificationsResource } from './resource-notifications';

export default [bucketResource, bucketPolicyResource, bucketNotificationsResource, bucketDeploymentResource];
