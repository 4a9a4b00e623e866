export { buildJson, jobJson, type PipelinePlace } from './build-json.ts';
export { startEventBridge } from './event-bridge.ts';
export type { RateLimit, RateLimits } from './rate-limit.ts';
export {
  type RestApi,
  type RestApiSetup,
  type RestFault,
  type RestRequestSeen,
  startRestApi,
} from './rest-api.ts';
export { startWebhooks, type WebhookDelivery, type WebhookSetup, type Webhooks } from './webhooks.ts';
