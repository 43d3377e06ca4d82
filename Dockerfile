# syntax=docker/dockerfile:1

FROM node:24.21.0-slim AS build
WORKDIR /app
# The lock first: as long as it stays, so does the layer with the packages.
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:24.21.0-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# Where trainers deliver, unless the configuration names another place.
RUN mkdir artifacts && chown node:node artifacts
USER node
# The exec form: signals reach node, not a shell in front of it.
# A heap that begins larger is marked less often while a backlog is read (docs/operations.md, Faster).
ENTRYPOINT ["node", "--initial-heap-size=128", "dist/cli/main.js"]
CMD ["--help"]
