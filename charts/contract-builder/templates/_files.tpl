{{- /* What is mounted as files, in the processor and in Jobs alike: a list of name, volume, path, env. */ -}}
{{- define "contract-builder.files" -}}
{{- $root := "/run/secrets/contract-builder" -}}
{{- with .Values.secrets.chain }}{{ if .existingSecret }}
- name: chain
  mountPath: {{ $root }}/chain
  volume: {secret: {secretName: {{ .existingSecret }}, items: [{key: {{ .key | quote }}, path: secrets.json}]}}
  env: {SECRET_LOCATION: {{ $root }}/chain/secrets.json}
{{- end }}{{ end }}
{{- with .Values.secrets.gateway }}{{ if .existingSecret }}
- name: gateway
  mountPath: {{ $root }}/gateway
  volume: {secret: {secretName: {{ .existingSecret }}, items: [{key: {{ .userKey | quote }}, path: user}, {key: {{ .passwordKey | quote }}, path: password}]}}
  env: {CONTRACT_BUILDER_GATEWAY_USER_FILE: {{ $root }}/gateway/user, CONTRACT_BUILDER_GATEWAY_PASSWORD_FILE: {{ $root }}/gateway/password}
{{- end }}{{ end }}
{{- with .Values.secrets.redis }}{{ if .existingSecret }}
- name: redis
  mountPath: {{ $root }}/redis
  volume:
    secret:
      secretName: {{ .existingSecret }}
      items:
        {{- if .passwordKey }}
        - {key: {{ .passwordKey | quote }}, path: password}
        {{- end }}
        {{- if .caKey }}
        - {key: {{ .caKey | quote }}, path: ca.pem}
        {{- end }}
  env:
    {{- if .passwordKey }}
    CONTRACT_BUILDER_REDIS_PASSWORD_FILE: {{ $root }}/redis/password
    {{- end }}
    {{- if .caKey }}
    CONTRACT_BUILDER_REDIS_CA: {{ $root }}/redis/ca.pem
    {{- end }}
{{- end }}{{ end }}
{{- with .Values.secrets.docker }}{{ if .existingSecret }}
- name: docker
  mountPath: {{ $root }}/docker
  volume: {secret: {secretName: {{ .existingSecret }}, items: [{key: {{ .key | quote }}, path: config.json}]}}
  env: {DOCKER_CONFIG: {{ $root }}/docker}
{{- end }}{{ end }}
{{- with .Values.secrets.ledger }}{{ if .existingSecret }}
- name: ledger
  mountPath: {{ $root }}/ledger
  volume: {secret: {secretName: {{ .existingSecret }}, items: [{key: {{ .key | quote }}, path: key}]}}
  env: {CONTRACT_BUILDER_LEDGER_KEY_FILE: {{ $root }}/ledger/key}
{{- end }}{{ end }}
{{- with .Values.secrets.aws }}{{ if .existingSecret }}
- name: aws
  mountPath: {{ $root }}/aws
  volume: {secret: {secretName: {{ .existingSecret }}, items: [{key: {{ .key | quote }}, path: credentials}]}}
  env: {AWS_SHARED_CREDENTIALS_FILE: {{ $root }}/aws/credentials}
{{- end }}{{ end }}
{{- range $i, $registry := .Values.secrets.registries }}
- name: registry-{{ $i }}
  # A path may hold no colon: a port stands between low lines.
  mountPath: {{ $root }}/registries/{{ regexReplaceAll ":([0-9]+)$" $registry.host "_${1}_" }}
  volume: {secret: {secretName: {{ $registry.existingSecret }}}}
  env: {CONTRACT_BUILDER_CERTS: {{ $root }}/registries}
{{- end }}
{{- with .Values.storage }}{{ if .existingClaim }}
- name: storage
  mountPath: {{ .mountPath }}
  subPath: {{ .subPath | quote }}
  writable: true
  volume: {persistentVolumeClaim: {claimName: {{ .existingClaim }}}}
  env: {STORAGE_TYPE: disk, STORAGE_LOCATION: {{ .mountPath }}}
{{- end }}{{ end }}
- name: tmp
  mountPath: /tmp
  writable: true
  volume: {emptyDir: {sizeLimit: 64Mi}}
  env: {CONTRACT_BUILDER_STATE: /tmp/state}
{{- end -}}

{{- define "contract-builder.env" -}}
{{- $env := dict -}}
{{- range include "contract-builder.files" . | fromYamlArray }}{{ $env = merge $env .env }}{{ end -}}
{{- $env = merge $env .Values.settings .Values.chain.settings -}}
{{- range $name, $value := $env }}
- name: {{ $name }}
  {{- /* Helm reads whole numbers as fractions, and writes large ones with an exponent. */}}
  value: {{ kindIs "float64" $value | ternary (int64 $value) $value | quote }}
{{- end }}
{{- end -}}

{{- define "contract-builder.mounts" -}}
{{- range include "contract-builder.files" . | fromYamlArray }}
- name: {{ .name }}
  mountPath: {{ .mountPath }}
  {{- with .subPath }}
  subPath: {{ . }}
  {{- end }}
  {{- if not .writable }}
  readOnly: true
  {{- end }}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "contract-builder.volumes" -}}
{{- range include "contract-builder.files" . | fromYamlArray }}
- name: {{ .name }}
  {{- toYaml .volume | nindent 2 }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* What the restricted level of pod security asks for, and more. */ -}}
{{- define "contract-builder.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "contract-builder.containerSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
