{{- /* The pod template of Jobs. The program adds names, the event, and what nobody may leave out. */ -}}
{{- define "contract-builder.jobTemplate" -}}
{{- $pod := .Values.launch.pod -}}
metadata:
  labels:
    app.kubernetes.io/component: job
    app.kubernetes.io/part-of: dragonchain
    app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
    {{- with $pod.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $pod.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ $pod.serviceAccountName }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  restartPolicy: Never
  securityContext:
    {{- include "contract-builder.podSecurity" . | nindent 4 }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: job
      image: {{ include "contract-builder.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      command: [sh, entrypoints/contract_job.sh]
      securityContext:
        {{- include "contract-builder.containerSecurity" . | nindent 8 }}
      {{- with .Values.chain.existingConfigMap }}
      envFrom:
        - configMapRef:
            name: {{ . }}
      {{- end }}
      env:
        {{- include "contract-builder.env" . | trim | nindent 8 }}
      resources:
        {{- toYaml $pod.resources | nindent 8 }}
      volumeMounts:
        {{- include "contract-builder.mounts" . | trim | nindent 8 }}
  volumes:
    {{- include "contract-builder.volumes" . | trim | nindent 4 }}
  {{- with $pod.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $pod.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $pod.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $pod.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
{{- end -}}
