import type { MethodOptions } from 'aws-cdk-lib/aws-apigateway';
import { CfnModel, Model, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import * as z from 'zod';
import { purchase } from '../../app/shared/domain';

/** What API Gateway holds an order against: the schema of the function that takes it, as far as JSON schema goes. */
export const purchaseSchema = z.toJSONSchema(purchase, { target: 'draft-4', io: 'input' });

/** The options of a method that takes an order: others are refused before a function is started. */
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
    requestParameters: { 'method.request.header.Idempotency-Key': true },
    requestValidator: restApi.addRequestValidator('Complete', {
      validateRequestBody: true,
      validateRequestParameters: true,
    }),
  };
}
