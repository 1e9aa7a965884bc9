import type { MethodOptions } from 'aws-cdk-lib/aws-apigateway';
import { CfnModel, Model, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { purchaseSchema } from '../../app/shared/purchase-schema';

/**
 * The options of a method that takes an order: others are refused before a function is started. The Idempotency-Key is
 * left to the function: API Gateway tells cases apart in a header's name, and a browser may spell it in lower case.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function takesPurchase(scope: Construct, restApi: RestApi): MethodOptions {
  const model = new CfnModel(scope, 'Purchase', {
    restApiId: restApi.restApiId,
    name: 'Purchase',
    description: 'An order of tickets for one show',
    contentType: 'application/json',
    schema: purchaseSchema,
  });
  restApi.latestDeployment?.addToLogicalId({ purchaseSchema });
  return {
    requestModels: { 'application/json': Model.fromModelName(scope, 'PurchaseModel', model.ref) },
    requestValidator: restApi.addRequestValidator('Complete', {
      validateRequestBody: true,
      validateRequestParameters: true,
    }),
  };
}
