// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/message.h"

#include "protocol/fields.h"

#include <array>
#include <utility>

namespace culprit::protocol {

namespace {

constexpr std::array<std::pair<Error::Kind, std::string_view>, 7> kinds{{
    {Error::Kind::BadInput, "bad_input"},
    {Error::Kind::NotFound, "not_found"},
    {Error::Kind::Unsupported, "unsupported"},
    {Error::Kind::OutOfMemory, "out_of_memory"},
    {Error::Kind::Cancelled, "cancelled"},
    {Error::Kind::Io, "io"},
    {Error::Kind::Internal, "internal"},
}};

/// A kind that a newer side may have added is Internal here.
Error::Kind kindNamed(std::string_view name)
{
    for (const auto& [kind, text] : kinds)
        if (text == name)
            return kind;
    return Error::Kind::Internal;
}

Json bodyOf(const Request& request)
{
    return {{"id", request.id}, {"call", request.call}, {"arguments", request.arguments}};
}

Json bodyOf(const Reply& reply)
{
    return {{"id", reply.id}, {"result", reply.result}};
}

Json bodyOf(const ErrorReply& reply)
{
    return {
        {"id", reply.id},
        {"error",
         {{"kind", nameOf(reply.error.kind)}, {"text", reply.error.text}, {"detail", reply.error.detail}}}};
}

Json bodyOf(const ProgressEvent& event)
{
    return {{"id", event.id},
            {"progress", {{"phase", event.phase}, {"done", event.done}, {"total", event.total}}}};
}

Message errorReplyOf(std::uint64_t id, const Fields& error)
{
    return ErrorReply{id, {kindNamed(error.text("kind")), error.text("text"), error.text("detail")}};
}

Message progressOf(std::uint64_t id, const Fields& progress)
{
    return ProgressEvent{id, progress.text("phase"), progress.integer("done"), progress.integer("total")};
}

/// Moves a map out of the message.
Json takeMap(Json& body, const char* key, const Fields& fields)
{
    if (!body[key].is_object())
        fields.refuse(key, "is not a map");
    return std::move(body[key]);
}

} // namespace

std::string_view nameOf(Error::Kind kind)
{
    for (const auto& [known, text] : kinds)
        if (known == kind)
            return text;
    return "internal";
}

Expected<Bytes> encode(const Message& message)
{
    return frameOf(writeCbor(std::visit([](const auto& value) { return bodyOf(value); }, message)));
}

Expected<Message> decode(std::span<const std::uint8_t> payload)
{
    auto body = readCbor(payload);
    if (!body)
        return fail(body.error());
    const Fields fields(*body, "message");
    const std::int64_t id = fields.integer("id");
    if (id < 0)
        fields.refuse("id", "is negative");
    Message message;
    if (fields.has("call"))
        message =
            Request{static_cast<std::uint64_t>(id), fields.text("call"), takeMap(*body, "arguments", fields)};
    else if (fields.has("result"))
        message = Reply{static_cast<std::uint64_t>(id), takeMap(*body, "result", fields)};
    else if (fields.has("error"))
        message = errorReplyOf(static_cast<std::uint64_t>(id), fields.map("error"));
    else if (fields.has("progress"))
        message = progressOf(static_cast<std::uint64_t>(id), fields.map("progress"));
    else
        fields.refuse("call", "is missing, and so are result, error and progress");
    if (auto checked = fields.check(); !checked)
        return fail(checked.error());
    return message;
}

Json helloJson(const Hello& hello)
{
    return {{"protocol", hello.protocol}, {"tool", hello.tool}, {"libtorch", hello.libtorch}};
}

Expected<Hello> helloOf(const Json& json)
{
    const Fields fields(json, "hello");
    Hello hello{static_cast<int>(fields.integer("protocol")), fields.text("tool"),
                fields.optionalText("libtorch").value_or("")};
    if (auto checked = fields.check(); !checked)
        return fail(checked.error());
    return hello;
}

Expected<void> requireSameProtocol(const Hello& other, const std::string& theirs)
{
    if (other.protocol == protocolVersion)
        return {};
    return fail(Error::Kind::Unsupported, theirs + " (version " + other.tool + ") speaks protocol " +
                                              std::to_string(other.protocol) + ", this program (version " +
                                              CULPRIT_VERSION + ") protocol " +
                                              std::to_string(protocolVersion) +
                                              "; install the same version of culprit and culprit-cli");
}

} // namespace culprit::protocol
