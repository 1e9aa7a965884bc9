import { ApiKey, type IApiKey, Period, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** Listings and agencies: a few requests a second, with a key that can be taken back. */
export function partnersPlan(restApi: RestApi): IApiKey {
  const key = new ApiKey(restApi, 'PartnersKey', { description: 'The partners of the theatre' });
  const plan = restApi.addUsagePlan('PartnersPlan', {
    description: 'What partners of the theatre may ask for',
    throttle: { rateLimit: 5, burstLimit: 10 },
    quota: { limit: 5_000, period: Period.DAY },
    apiStages: [{ api: restApi, stage: restApi.deploymentStage }],
  });
  plan.addApiKey(key);
  return key;
}
