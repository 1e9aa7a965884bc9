import { App, type AppProps } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json';
import { TheatreStack } from './theatre-stack';

/**
 * The whole system as one app with one stack: its tiers are constructs, so one deployment is one change set
 * that succeeds or rolls back together. Account, region and endpoint are the business of whoever deploys it.
 */
export function theatreApp(props: AppProps = {}): App {
  const app = new App({
    // Two thirds of the time of a synthesis: the tests turn it on, a deployment need not.
    builtinCloudFormationValidation: false,
    analyticsReporting: false,
    ...props,
    // CDK's own recommendation for new apps, in code so that tests and the CLI see the same.
    context: {
      ...flags,
      // Nothing uses the default security group; a function of its own to empty it would be one more to own.
      '@aws-cdk/aws-ec2:restrictDefaultSecurityGroup': false,
      ...props.context,
    },
  });
  new TheatreStack(app, 'Theatre', {
    // `-c stackName=…` gives a second copy in one account a name of its own; the template stays the same.
    stackName: app.node.tryGetContext('stackName'),
    description: 'A theatre’s ticket shop: site, API and data',
    responseCache: String(app.node.tryGetContext('responseCache') ?? true) === 'true',
  });
  return app;
}
