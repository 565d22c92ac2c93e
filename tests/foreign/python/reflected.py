"""A generic client: knows no proto file, learns services and messages from the node by grpc.reflection.v1, then calls what it found."""

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

from harness import DEADLINE_S, check, same

REFLECTION = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"


def text_field(number, text):
    """A request of reflection on the wire: one field of bytes, shorter than 128."""
    return bytes([number << 3 | 2, len(text)]) + text.encode()


def files_in(answer):
    """The file descriptors in an answer: field 4, and in it field 1, repeated."""
    return [part for number, part in fields_of(dict(fields_of(answer))[4]) if number == 1]


def fields_of(message):
    """Number and bytes of each length-delimited field; only such are met here."""
    at = 0
    while at < len(message):
        tag, at = varint(message, at)
        check(tag & 7 == 2, f"field {tag >> 3} is length-delimited")
        length, at = varint(message, at)
        yield tag >> 3, message[at:at + length]
        at += length


def varint(message, at):
    value = shift = 0
    while True:
        value |= (message[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if message[at - 1] < 128:
            return value, at


def ask(node, *requests):
    answers = node.channel.stream_stream(REFLECTION)(iter(requests), timeout=DEADLINE_S)
    return list(answers)


def learned(node, symbol):
    """A pool with the file of a symbol and all that it imports."""
    pool = descriptor_pool.DescriptorPool()
    waiting = {file.name: file for file in map(descriptor_pb2.FileDescriptorProto.FromString, files_in(ask(node, text_field(4, symbol))[0]))}
    while waiting:
        ready = [name for name, file in waiting.items() if not set(file.dependency) & set(waiting)]
        check(ready, "every import came along")
        for name in ready:
            pool.Add(waiting.pop(name))
    return pool


def message_class(descriptor):
    newer = getattr(message_factory, "GetMessageClass", None)
    return newer(descriptor) if newer else message_factory.MessageFactory(descriptor.file.pool).GetPrototype(descriptor)


def services_are_listed(node):
    """reflection: the services for clients are listed, the one between nodes is not."""
    pool = learned(node, "grpc.reflection.v1.ServerReflection")
    answer = message_class(pool.FindMessageTypeByName("grpc.reflection.v1.ServerReflectionResponse")).FromString(ask(node, text_field(7, ""))[0])
    names = {service.name for service in answer.list_services_response.service}
    check({"swim.v1.Workflows", "swim.v1.Cluster", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"} <= names, f"listed: {names}")
    check("swim.v1.Peer" not in names, "nodes' own service is not for clients")


def a_method_is_described(node):
    """reflection: a method is described, with its messages and their fields."""
    method = learned(node, "swim.v1.Workflows.WatchWorkflow").FindMethodByName("swim.v1.Workflows.WatchWorkflow")
    same((method.server_streaming, method.client_streaming), (True, False), "how it streams")
    same([field.name for field in method.input_type.fields], ["namespace", "workflow_id", "resume_token"], "its request")
    same(method.output_type.full_name, "swim.v1.WatchWorkflowResponse", "its answer")


def what_was_described_is_called(node):
    """reflection: a described method is called with messages made from its description."""
    method = learned(node, "swim.v1.Workflows.ValidateWorkflow").FindMethodByName("swim.v1.Workflows.ValidateWorkflow")
    request, answer = message_class(method.input_type), message_class(method.output_type)
    call = node.channel.unary_unary(
        f"/{method.containing_service.full_name}/{method.name}", request_serializer=request.SerializeToString, response_deserializer=answer.FromString)
    told = json_format.MessageToDict(
        call(request(document='{"tasks":[{"id":"a","tool":"builtin:ecko"}]}', format="json"), timeout=DEADLINE_S), preserving_proto_field_name=True)
    same(told["problems"][0]["suggestion"], "builtin:echo", "what it suggests")


def what_is_not_there(node):
    """reflection: an unknown name is an answer, and the stream goes on."""
    unknown, known = ask(node, text_field(4, "swim.v1.Nothing"), text_field(4, "swim.v1.Cluster"))
    check(7 in dict(fields_of(unknown)), "field 7, the error, is set")
    check(files_in(known), "the next request is answered")


CASES = [services_are_listed, a_method_is_described, what_was_described_is_called, what_is_not_there]
