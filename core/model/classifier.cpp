// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/classifier_internal.h"
#include "model/model_file.h"

#include <ATen/CPUGeneratorImpl.h>
#include <cmath>
#include <cstring>
#include <map>
#include <sstream>

namespace culprit::model {

namespace {

std::string shapeText(const data::ImageShape& shape)
{
    return std::to_string(shape.channels) + " × " + std::to_string(shape.height) + " × " + std::to_string(shape.width);
}

constexpr std::int64_t colourChannels = 3;

at::Tensor channelVector(const std::vector<float>& values, float fallback, std::int64_t channels)
{
    at::Tensor vector = at::full({channels}, fallback);
    for (std::int64_t c = 0; c < channels && !values.empty(); ++c)
        vector[c] = values[std::min(static_cast<std::size_t>(c), values.size() - 1)];
    return vector;
}

/// The module on its device in single precision. Module::to would turn integer buffers, such as tables of indices,
/// into floats too.
torch::jit::Module prepared(torch::jit::Module module, const at::Device& device)
{
    const auto convert = [&](at::Tensor tensor) {
        tensor.set_data(tensor.to(device, tensor.is_floating_point() ? at::kFloat : tensor.scalar_type()));
    };
    for (const at::Tensor& parameter : module.parameters())
        convert(parameter);
    for (const at::Tensor& buffer : module.buffers())
        convert(buffer);
    return module;
}

/// A model exported for inference may come with every gradient switched off; its weights can be trained all the same.
void requireGradients(torch::jit::Module& module)
{
    std::vector<at::Tensor> weights;
    for (const at::Tensor& parameter : module.parameters()) {
        if (parameter.requires_grad())
            return;
        if (parameter.is_floating_point())
            weights.push_back(parameter);
    }
    for (const at::Tensor& weight : weights)
        weight.set_requires_grad(true);
}

/// Sets what the module takes and gives, by one forward pass of two grey images.
Expected<void> probe(Classifier::Impl& impl, const std::string& name)
{
    const auto& shape = impl.input.shape;
    std::string reason;
    for (const std::int64_t channels : {shape.channels, std::int64_t{3}, std::int64_t{1}}) {
        try {
            at::NoGradGuard noGrad;
            const auto images = at::full({2, channels, shape.height, shape.width}, 0.5, at::TensorOptions(impl.device));
            const at::Tensor logits = impl.logits(images);
            if (logits.dim() != 2 || logits.size(0) != 2 || !logits.is_floating_point()) {
                std::ostringstream sizes;
                sizes << logits.sizes();
                return fail(Error::Kind::BadInput, name + ": returns a tensor of shape " + sizes.str() +
                                                       " for two images; Culprit needs logits of shape (N, classes)");
            }
            impl.takeChannels(channels);
            impl.chooseLayout();
            impl.outputs = logits.size(1);
            return {};
        } catch (const std::exception& error) {
            if (reason.empty())
                reason = firstLine(error);
        }
    }
    return fail(Error::Kind::BadInput,
                name + ": does not take images of " + shapeText(shape) + "; check that model and data belong together",
                reason);
}

Expected<void> checkOutputs(const Classifier::Impl& impl, const std::string& name)
{
    if (impl.outputs < 2)
        return fail(Error::Kind::BadInput, name + ": has one output; Culprit needs a logit a class (two for yes/no)");
    if (impl.outputs < impl.input.classes)
        return fail(Error::Kind::BadInput, name + ": has " + std::to_string(impl.outputs) + " outputs but the data has " +
                                               std::to_string(impl.input.classes) +
                                               " classes; check that model and data belong together");
    return {};
}

/// Module::deepcopy takes tensors that share a storage for one and the same, and copies tensors without whether
/// they are trained.
torch::jit::Module deepCopy(Classifier::Impl& impl)
{
    at::NoGradGuard noGrad;
    const FlatParameters::Apart apart(impl.flat);
    torch::jit::Module copy = impl.module.deepcopy();
    std::vector<bool> trained;
    for (const at::Tensor& parameter : impl.module.parameters())
        trained.push_back(parameter.requires_grad());
    std::size_t i = 0;
    for (const at::Tensor& parameter : copy.parameters())
        parameter.set_requires_grad(trained[i++]);
    return copy;
}

std::unique_ptr<Classifier::Impl> copy(Classifier::Impl& impl, ModelInput input, const at::Device& device)
{
    auto copied = std::make_unique<Classifier::Impl>(deepCopy(impl), std::move(input), device);
    copied->takeChannels(impl.inputChannels);
    copied->outputs = impl.outputs;
    if (device.is_cpu() == impl.device.is_cpu())
        copied->layout = impl.layout;
    else
        copied->chooseLayout();
    return copied;
}

/// Batch normalisation keeps a …mean and a …var side by side; other buffers are constants of the network.
void resetRunningStatistics(const torch::jit::Module& module)
{
    std::map<std::string, at::Tensor> buffers;
    for (const auto& [name, buffer] : module.named_buffers())
        buffers.emplace(name, buffer);
    for (const auto& [name, mean] : buffers) {
        const auto variance = name.ends_with("mean") ? buffers.find(name.substr(0, name.size() - 4) + "var") : buffers.end();
        if (variance == buffers.end())
            continue;
        mean.fill_(0.0);
        variance->second.fill_(1.0);
    }
}

} // namespace

Expected<std::string> resolveDevice(const std::string& name)
{
    const bool cuda = at::hasCUDA();
    if (name == "cpu" || (name == "auto" && !cuda))
        return std::string("cpu");
    if (name == "auto" || name == "cuda")
        return cuda ? Expected<std::string>("cuda:0")
                    : fail(Error::Kind::Unsupported, "no CUDA device can be used here; leave --device out or say --device cpu");
    const bool numbered = name.starts_with("cuda:") && name.size() > 5 && name.size() < 8 &&
                          name.find_first_not_of("0123456789", 5) == std::string::npos;
    if (!numbered)
        return fail(Error::Kind::BadInput, "'" + name + "' is no device; use auto, cpu, cuda or cuda:N");
    if (!cuda || std::stoul(name.substr(5)) >= at::getNumGPUs())
        return fail(Error::Kind::Unsupported,
                    "there is no " + name + " here; culprit-cli doctor lists the devices");
    return name;
}

Classifier::Impl::Impl(torch::jit::Module module_, ModelInput input_, at::Device device_)
    : module(prepared(std::move(module_), device_)), flat(module), input(std::move(input_)), device(device_),
      pace(device.is_cpu() ? paceOnCpu(input.shape.bytes()) : paceOnGpu(input.shape.bytes()))
{
    takeChannels(input.shape.channels);
    module.eval();
}

void Classifier::Impl::takeChannels(std::int64_t wanted)
{
    inputChannels = wanted;
    const auto channels = std::max<std::int64_t>({input.shape.channels, wanted, 1});
    const at::Tensor mean = channelVector(input.preprocessing.mean, 0.0F, channels);
    const at::Tensor std = channelVector(input.preprocessing.std, 1.0F, channels);
    scale = (1.0 / (255.0 * std)).view({1, channels, 1, 1}).to(device);
    shift = (-mean / std).view({1, channels, 1, 1}).to(device);
}

void Classifier::Impl::chooseLayout()
{
    layout = at::MemoryFormat::Contiguous;
    if (!device.is_cpu() || inputChannels < colourChannels)
        return;
    const auto& shape = input.shape;
    const auto ramp = at::linspace(-1.0, 1.0, 2 * inputChannels * shape.height * shape.width)
                          .view({2, inputChannels, shape.height, shape.width});
    try {
        at::NoGradGuard noGrad;
        const at::Tensor usual = logits(ramp);
        if (at::allclose(logits(ramp.contiguous(at::MemoryFormat::ChannelsLast)), usual, 1e-3, 1e-4))
            layout = at::MemoryFormat::ChannelsLast;
    } catch (const std::exception&) { // the usual layout then
    }
}

at::Tensor Classifier::Impl::uploaded(const at::Tensor& pixels) const
{
    // Only pinned memory travels while the host goes on. Bytes are a quarter of the floats that `to` would
    // make first.
    return pixels.device() == device ? pixels : pixels.pin_memory().to(device, pixels.scalar_type(), true);
}

at::Tensor Classifier::Impl::normalised(const at::Tensor& pixels) const
{
    at::Tensor images = uploaded(pixels).to(at::kFloat, false, false, layout);
    if (scale.size(1) > images.size(1)) // grey, repeated; each copy is normalised as its channel wants it
        images = images.repeat({1, scale.size(1), 1, 1});
    images.mul_(scale).add_(shift);
    return (inputChannels == images.size(1) ? images : images.mean(1, true)).contiguous(layout);
}

at::Tensor Classifier::Impl::logits(const at::Tensor& images)
{
    const PlainExecution plain(false);
    const at::Tensor all = module.forward({images}).toTensor();
    return outputs > input.classes ? all.narrow(1, 0, input.classes) : all;
}

Classifier::Classifier(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;
Classifier::~Classifier() = default;

Expected<Classifier> Classifier::load(const std::filesystem::path& file, const ModelInput& input,
                                      const std::string& device)
{
    if (auto recognised = requireTorchScript(file); !recognised)
        return fail(recognised.error());
    try {
        torch::jit::Module module = torch::jit::load(file.string(), at::Device(at::kCPU));
        requireGradients(module);
        auto impl = std::make_unique<Impl>(std::move(module), input, at::Device(device));
        if (impl->flat.count() == 0)
            return fail(Error::Kind::Unsupported,
                        file.string() + ": is a frozen module: its weights are constants, so it cannot be repaired; save it "
                                        "with torch.jit.script(model.eval()).save(...), before torch.jit.freeze");
        if (auto probed = probe(*impl, file.string()); !probed)
            return fail(probed.error());
        if (auto checked = checkOutputs(*impl, file.string()); !checked)
            return fail(checked.error());
        return Classifier(std::move(impl));
    } catch (const std::exception& error) {
        if (isOutOfMemory(error))
            return fail(Error::Kind::OutOfMemory, file.string() + ": does not fit in memory; close other programs or use another --device",
                        firstLine(error));
        return fail(Error::Kind::BadInput, file.string() + ": LibTorch cannot load this file (" + firstLine(error) +
                                               "); save it again with the same or an older PyTorch than " + libtorchVersion());
    }
}

Expected<Classifier> Classifier::build(Architecture architecture, const ModelInput& input, std::uint64_t seed,
                                       const std::string& device)
{
    if (input.shape.height < 8 || input.shape.width < 8)
        return fail(Error::Kind::BadInput, "images of " + shapeText(input.shape) + " are too small; the built-in networks need 8 × 8");
    if (input.classes < 2)
        return fail(Error::Kind::BadInput, "the data has a single class; a classifier needs two");
    try {
        auto impl = std::make_unique<Impl>(buildModule(architecture, input, seed), input, at::Device(device));
        if (auto probed = probe(*impl, std::string(nameOf(architecture))); !probed)
            return fail(probed.error());
        return Classifier(std::move(impl));
    } catch (const std::exception& error) {
        return fail(isOutOfMemory(error) ? Error::Kind::OutOfMemory : Error::Kind::Internal,
                    "the network could not be built: " + firstLine(error), error.what());
    }
}

Classifier Classifier::clone() const
{
    return withPreprocessing(m_impl->input.preprocessing);
}

Classifier Classifier::withPreprocessing(Preprocessing preprocessing) const
{
    ModelInput input = m_impl->input;
    input.preprocessing = std::move(preprocessing);
    auto copied = copy(*m_impl, std::move(input), m_impl->device);
    copied->pace = m_impl->pace;
    return Classifier(std::move(copied));
}

Expected<Classifier> Classifier::onDevice(const std::string& device) const
{
    try {
        return Classifier(copy(*m_impl, m_impl->input, at::Device(device)));
    } catch (const std::exception& error) {
        return failedBy(error, "the model could not be copied to " + device);
    }
}

Expected<std::vector<std::byte>> Classifier::serialize() const
{
    try {
        torch::jit::Module copy = deepCopy(*m_impl);
        copy.to(at::Device(at::kCPU));
        copy.eval();
        std::ostringstream stream;
        copy.save(stream);
        const std::string text = stream.str();
        std::vector<std::byte> bytes(text.size());
        std::memcpy(bytes.data(), text.data(), text.size());
        return bytes;
    } catch (const std::exception& error) {
        return fail(Error::Kind::Internal, "the model could not be written as TorchScript: " + firstLine(error));
    }
}

std::int64_t Classifier::parameterCount() const
{
    return m_impl->flat.count();
}

std::int64_t Classifier::outputs() const
{
    return m_impl->outputs;
}

const ModelInput& Classifier::input() const
{
    return m_impl->input;
}

std::string Classifier::device() const
{
    return m_impl->device.str();
}

std::vector<float> Classifier::parameters() const
{
    return toVector(m_impl->flat.values());
}

void Classifier::setParameters(std::span<const float> values)
{
    TORCH_INTERNAL_ASSERT(static_cast<std::int64_t>(values.size()) == parameterCount());
    at::NoGradGuard noGrad;
    m_impl->flat.values().copy_(at::from_blob(const_cast<float*>(values.data()), {parameterCount()}, at::kFloat));
}

void Classifier::reinitialise(std::uint64_t seed)
{
    at::NoGradGuard noGrad;
    at::Generator generator = seededGenerator(seed);
    for (const auto& [name, parameter] : m_impl->module.named_parameters()) {
        if (!parameter.requires_grad())
            continue; // a frozen part was not learned here, so it is not learned again
        if (parameter.dim() < 2) {
            parameter.fill_(name.ends_with("weight") ? 1.0 : 0.0);
            continue;
        }
        const double bound = 1.0 / std::sqrt(static_cast<double>(parameter.numel() / parameter.size(0)));
        parameter.copy_(at::empty(parameter.sizes()).uniform_(-bound, bound, generator));
    }
    resetRunningStatistics(m_impl->module);
}

at::Tensor pixelTensor(const data::ImageSet& set)
{
    const auto& shape = set.shape;
    return at::from_blob(const_cast<std::uint8_t*>(set.pixels.bytes.data()),
                         {set.size(), shape.channels, shape.height, shape.width},
                         {set.stride(), shape.height * shape.width, shape.width, 1}, at::kByte);
}

at::Tensor pixelTensor(const data::ImageSet& set, std::span<const std::int64_t> rows)
{
    const auto count = static_cast<std::int64_t>(rows.size());
    at::Tensor batch = at::empty({count, set.shape.channels, set.shape.height, set.shape.width}, at::kByte);
    auto* out = batch.data_ptr<std::uint8_t>();
    for (const auto row : rows) {
        const auto image = set.image(row);
        std::memcpy(out, image.data(), image.size());
        out += image.size();
    }
    return batch;
}

at::Tensor labelTensor(std::span<const std::int32_t> labels, const at::Device& device)
{
    return at::from_blob(const_cast<std::int32_t*>(labels.data()), {static_cast<std::int64_t>(labels.size())}, at::kInt)
        .to(device, at::kLong);
}

at::Generator seededGenerator(std::uint64_t seed)
{
    return at::detail::createCPUGenerator(seed);
}

void seedModules(std::uint64_t seed)
{
    at::manual_seed(seed);
}

std::vector<float> toVector(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    const auto* begin = flat.data_ptr<float>();
    return {begin, begin + flat.numel()};
}

std::string libtorchVersion()
{
    return TORCH_VERSION;
}

} // namespace culprit::model
