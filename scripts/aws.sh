# What deploy, rollback and token share. Sourced, not run, after setup.sh.
# shellcheck shell=bash

# Answers are read by this script, not by a person who pages through them.
export AWS_PAGER=""
stack="${NEFRO_STACK:-nefro}"
# How long a version may take until it is ready, in seconds.
patience="${NEFRO_DEPLOY_PATIENCE:-600}"
pause="${NEFRO_DEPLOY_PAUSE:-10}"
# The last versions that got ready, each with the time it did: the parameter's history.
serving="/$stack/serving"

need_aws() {
  command -v aws >/dev/null || die "The AWS command line is not on the PATH: see https://aws.amazon.com/cli, or 'pip install awscli'."
  [[ "$stack" =~ ^[a-z][a-z0-9-]*$ ]] || die "A stack is named by small letters, digits and hyphens, as its image repository is: '$stack' is not."
  aws sts get-caller-identity --query Account --output text >/dev/null ||
    die "AWS does not know you. Sign in, and name a region: AWS_PROFILE, AWS_REGION."
}

stack_value() {
  local value
  value="$(aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].$1" --output text)" ||
    die "There is no stack '$stack' in this region. Make it first: scripts/deploy infrastructure --help"
  [ "$value" = None ] && value=""
  printf '%s\n' "$value"
}
output_of() {
  local value
  value="$(stack_value "Outputs[?OutputKey=='$1'].OutputValue | [0]")"
  [ -n "$value" ] || die "The stack '$stack' has no output '$1': it was not made with this version of deploy/aws/core.yml. Run scripts/deploy infrastructure."
  printf '%s\n' "$value"
}
parameter_of() { stack_value "Parameters[?ParameterKey=='$1'].ParameterValue | [0]"; }

# The image that the service's task definition names: what runs, whatever a stack says of itself. Nothing if none does.
running_image() {
  local definition image
  definition="$(running_definition)"
  image="$(aws ecs describe-task-definition --task-definition "$definition" --query 'taskDefinition.containerDefinitions[0].image' --output text)"
  [[ "$image" == *:none ]] || printf '%s\n' "$image"
}
running_definition() {
  local definition
  definition="$(aws ecs describe-services --cluster "$stack" --services server --query 'services[0].taskDefinition' --output text)" ||
    die "There is no cluster '$stack' in this region. Make it first: scripts/deploy infrastructure --help"
  [ "$definition" != None ] || die "There is no service in the cluster '$stack'."
  printf '%s\n' "$definition"
}

# Images that got ready, the latest first; nothing if none ever did.
known_images() {
  local answer
  # The history comes in pages, the oldest first. A query sees one page at a time, so that it cannot turn the whole round.
  if answer="$(aws ssm get-parameter-history --name "$serving" --query 'Parameters[].Value' --output text 2>&1)"; then
    tr '\t' '\n' <<<"$answer" | tac
  else
    [[ "$answer" == *ParameterNotFound* ]] || die "The versions that were noted as good cannot be read: $answer"
  fi
}

# Changes a stack; that there is nothing to change is no error.
update_stack() {
  local name="$1" answer
  shift
  if answer="$(aws cloudformation update-stack --stack-name "$name" --capabilities CAPABILITY_IAM "$@" 2>&1)"; then
    aws cloudformation wait stack-update-complete --stack-name "$name"
  else
    [[ "$answer" == *"No updates are to be performed"* ]] || die "The stack '$name' could not be changed: $answer"
  fi
}

# Makes a stack or changes it. Parameters that are not named keep their values.
put_stack() {
  local name="$1" template="$2" known key parameters=()
  shift 2
  for key in "$@"; do parameters+=("ParameterKey=${key%%=*},ParameterValue=${key#*=}"); done
  if ! known="$(aws cloudformation describe-stacks --stack-name "$name" --query 'Stacks[0].Parameters[].ParameterKey' --output text 2>/dev/null)"; then
    aws cloudformation create-stack --stack-name "$name" --template-body "file://$template" --capabilities CAPABILITY_IAM \
      ${parameters[@]+--parameters "${parameters[@]}"} >/dev/null
    aws cloudformation wait stack-create-complete --stack-name "$name" ||
      die "The stack '$name' was not made. Why: aws cloudformation describe-stack-events --stack-name $name. Then begin anew: aws cloudformation delete-stack --stack-name $name"
    return
  fi
  for key in $known; do
    [[ " $*" == *" $key="* ]] || ! grep -q "^  $key:" "$template" || parameters+=("ParameterKey=$key,UsePreviousValue=true")
  done
  update_stack "$name" --template-body "file://$template" --parameters "${parameters[@]}" ||
    die "The stack '$name' was not changed. Why: aws cloudformation describe-stack-events --stack-name $name"
}

# Changes the image and how many servers there are, and nothing else: the template and the other parameters stay.
put_image() {
  local parameters key
  parameters=("ParameterKey=Image,ParameterValue=$1" "ParameterKey=Servers,ParameterValue=$2")
  for key in $(stack_value 'Parameters[].ParameterKey'); do
    case "$key" in
      Image | Servers) ;;
      *) parameters+=("ParameterKey=$key,UsePreviousValue=true") ;;
    esac
  done
  update_stack "$stack" --use-previous-template --parameters "${parameters[@]}" ||
    die "The version did not get ready, and the one before was put back. Why: aws ecs describe-services --cluster $stack --services server --query 'services[0].events[:10]', and the log group /$stack/server."
}

# Waits until the load balancer finds the server ready, and makes sure that it is the wanted one.
await_ready() {
  local image="$1" group found healthy since=$SECONDS
  found="$(running_image)"
  [ "$found" = "$image" ] || die "The service runs '$found', not '$image': it was put back. See the service's events."
  group="$(output_of TargetGroup)"
  say "Waiting until the load balancer finds it ready"
  while :; do
    healthy="$(aws elbv2 describe-target-health --target-group-arn "$group" \
      --query "length(TargetHealthDescriptions[?TargetHealth.State=='healthy'])" --output text)"
    [ "$healthy" -gt 0 ] && return
    [ $((SECONDS - since)) -lt "$patience" ] ||
      die "No server got ready in $patience seconds. What runs is not noted as good; go back with scripts/rollback."
    sleep "$pause"
  done
}

# Notes what runs as good. The note is made only when it was seen to be.
note_serving() {
  aws ssm put-parameter --name "$serving" --type String --overwrite --value "$1" >/dev/null
  say "Serving $1"
}

# Starts a task in the server's subnets, without a public address, and prints its name.
run_task() {
  local definition="$1" overrides="${2:-}" subnets group arn
  subnets="$(output_of ServerSubnets)"
  group="$(output_of ServerSecurityGroup)"
  arn="$(aws ecs run-task --cluster "$stack" --launch-type FARGATE --task-definition "$definition" \
    --network-configuration "awsvpcConfiguration={subnets=[$subnets],securityGroups=[$group],assignPublicIp=DISABLED}" \
    ${overrides:+--overrides "$overrides"} --query 'tasks[0].taskArn' --output text)"
  [ -n "$arn" ] && [ "$arn" != None ] || die "AWS started no task of '$definition'."
  printf '%s\n' "$arn"
}
