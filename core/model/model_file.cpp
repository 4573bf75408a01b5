// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/model_file.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include <zip.h>

namespace culprit::model {

namespace {

using ZipArchive = std::unique_ptr<zip_t, decltype(&zip_discard)>;

constexpr std::string_view zipMagic("PK\x03\x04", 4);
constexpr std::string_view hdf5Magic("\x89HDF\r\n\x1a\n", 8);

std::string firstBytes(std::ifstream& stream, std::size_t count)
{
    std::string bytes(count, '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(count));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    return bytes;
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

bool endsWith(const std::vector<std::string>& names, std::string_view suffix)
{
    return std::any_of(names.begin(), names.end(), [&](const auto& name) { return name.ends_with(suffix); });
}

std::vector<std::string> entryNames(zip_t* archive)
{
    std::vector<std::string> names;
    const auto count = std::min<zip_int64_t>(zip_get_num_entries(archive, 0), 100'000);
    for (zip_int64_t i = 0; i < count; ++i)
        if (const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0))
            names.emplace_back(name);
    return names;
}

/// The start of the pickle that names the classes it needs.
std::string pickleHead(zip_t* archive, const std::vector<std::string>& names)
{
    const auto entry = std::find_if(names.begin(), names.end(), [](const auto& n) { return n.ends_with("/data.pkl"); });
    if (entry == names.end())
        return {};
    zip_file_t* file = zip_fopen(archive, entry->c_str(), 0);
    if (!file)
        return {};
    std::string bytes(1 << 16, '\0');
    const auto read = zip_fread(file, bytes.data(), bytes.size());
    zip_fclose(file);
    bytes.resize(static_cast<std::size_t>(std::max<zip_int64_t>(read, 0)));
    return bytes;
}

/// A pickled module names its own class before anything else (opcode c); a state dict starts with a container.
ModelFile pickleKind(std::string_view head)
{
    const std::string_view start = head.substr(std::min<std::size_t>(2, head.size())); // past the protocol's number
    const bool container = start.starts_with("ccollections\nOrderedDict") || start.starts_with("ctorch._utils\n_rebuild");
    return container || !start.starts_with('c') ? ModelFile::StateDict : ModelFile::PickledModule;
}

ModelFile zipKind(const std::filesystem::path& file)
{
    int code = 0;
    const ZipArchive archive(zip_open(file.c_str(), ZIP_RDONLY, &code), &zip_discard);
    if (!archive)
        return ModelFile::Unknown;
    const auto names = entryNames(archive.get());
    const bool exported = endsWith(names, "serialized_exported_program.json") || endsWith(names, "archive_format") ||
                          endsWith(names, "models/model.json");
    if (exported)
        return ModelFile::ExportedProgram;
    const bool code_ = std::any_of(names.begin(), names.end(), [](const auto& n) { return contains(n, "/code/"); });
    if (code_ && endsWith(names, "/data.pkl"))
        return ModelFile::TorchScript;
    if (endsWith(names, "/data.pkl"))
        return pickleKind(pickleHead(archive.get(), names));
    return endsWith(names, "config.json") && endsWith(names, "model.weights.h5") ? ModelFile::Keras : ModelFile::Unknown;
}

/// torch.save before version 1.6: a stream of pickles whose first is this magic number.
bool isLegacyPickle(std::string_view head)
{
    return contains(head.substr(0, 32), std::string_view("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12));
}

/// An ONNX ModelProto starts with field 1 (ir_version, a small varint), then a producer or a graph.
bool isOnnx(std::string_view head)
{
    return head.size() > 4 && head[0] == '\x08' && head[1] > 0 && head[1] < 32 &&
           (head[2] == '\x12' || head[2] == '\x3a' || head[2] == '\x42');
}

bool isSafetensors(std::string_view head)
{
    return head.size() > 9 && head[8] == '{' && contains(head, "\"dtype\"");
}

ModelFile kindOf(const std::filesystem::path& file, std::string_view head)
{
    if (head.starts_with(zipMagic))
        return zipKind(file);
    if (isLegacyPickle(head))
        return contains(head, "ctorch.nn") || contains(head, "ctorchvision") ? ModelFile::PickledModule : ModelFile::StateDict;
    if (head.starts_with("\x80") && contains(head.substr(0, 64), "OrderedDict"))
        return ModelFile::StateDict;
    if (head.starts_with(hdf5Magic))
        return ModelFile::Keras;
    if (head.size() > 8 && head.substr(4, 4) == "TFL3")
        return ModelFile::TfLite;
    if (isSafetensors(head))
        return ModelFile::Safetensors;
    return isOnnx(head) ? ModelFile::Onnx : ModelFile::Unknown;
}

std::string adviceFor(ModelFile kind)
{
    static const std::string script = "torch.jit.script(model.eval()).save(\"model.pt\")";
    switch (kind) {
    case ModelFile::StateDict:
        return "holds weights only (a state_dict), without the network; in Python build the model, "
               "model.load_state_dict(torch.load(FILE)), then " + script;
    case ModelFile::PickledModule:
        return "is a pickled Python module, which only the Python code that made it can open; in Python "
               "model = torch.load(FILE), then " + script;
    case ModelFile::ExportedProgram:
        return "is a torch.export program (.pt2), whose graph cannot be trained further here; export the original "
               "model with " + script;
    case ModelFile::Onnx:
        return "is an ONNX file, which carries no gradients; export the original PyTorch model with " + script;
    case ModelFile::Safetensors:
        return "is a safetensors file: weights without the network; in Python load them into the model, then " + script;
    case ModelFile::Keras:
        return "is a Keras/HDF5 file; Culprit works with PyTorch models saved as TorchScript";
    case ModelFile::TfLite:
        return "is a TensorFlow Lite file; Culprit works with PyTorch models saved as TorchScript";
    default:
        return "is no TorchScript model; save one in Python with " + script;
    }
}

} // namespace

Expected<ModelFile> recogniseModelFile(const std::filesystem::path& file)
{
    std::error_code code;
    if (!std::filesystem::exists(file, code))
        return fail(Error::Kind::NotFound, file.string() + ": no such file; check the path given to --model");
    if (!std::filesystem::is_regular_file(file, code))
        return fail(Error::Kind::BadInput, file.string() + ": not a file; --model wants a TorchScript .pt file");
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return fail(Error::Kind::Io, file.string() + ": cannot be opened; check its permissions");
    return kindOf(file, firstBytes(stream, 1 << 16));
}

Expected<void> requireTorchScript(const std::filesystem::path& file)
{
    const auto kind = recogniseModelFile(file);
    if (!kind)
        return fail(kind.error());
    if (*kind == ModelFile::TorchScript)
        return {};
    return fail(*kind == ModelFile::Unknown ? Error::Kind::BadInput : Error::Kind::Unsupported,
                file.string() + ": " + adviceFor(*kind));
}

} // namespace culprit::model
