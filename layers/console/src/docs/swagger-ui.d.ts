// The part of Swagger UI that the page uses; the package brings no types of its own.

declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  type Options = {
    readonly spec: object;
    readonly domNode: Element | null;
    readonly docExpansion: "list" | "full" | "none";
    readonly defaultModelsExpandDepth: number;
    readonly deepLinking: boolean;
    readonly filter: boolean;
    readonly persistAuthorization: boolean;
    /** Where a document is sent to be validated; null for nowhere. */
    readonly validatorUrl: null;
  };
  export default function SwaggerUI(options: Options): void;
}
