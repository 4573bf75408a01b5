// SPDX-License-Identifier: GPL-3.0-or-later
#include "script_models.h"

#include "model/classifier_internal.h"

#include <sstream>

namespace culprit::model {

namespace {

at::Tensor tensorOf(const ScriptTensor& tensor)
{
    return at::tensor(tensor.values).reshape(tensor.shape);
}

/// As Module::to, but leaves integers alone.
void inDouble(torch::jit::Module& module)
{
    const auto convert = [](at::Tensor tensor) {
        if (tensor.is_floating_point())
            tensor.set_data(tensor.to(at::kDouble));
    };
    for (const at::Tensor& parameter : module.parameters())
        convert(parameter);
    for (const at::Tensor& buffer : module.buffers())
        convert(buffer);
}

torch::jit::Module moduleOf(const ScriptModel& script)
{
    torch::jit::Module module("ScriptModel");
    module.register_attribute("training", c10::BoolType::get(), true);
    for (const auto& parameter : script.parameters) {
        module.register_parameter(parameter.name, tensorOf(parameter), false);
        module.attr(parameter.name).toTensor().set_requires_grad(parameter.trained);
    }
    for (const auto& buffer : script.buffers)
        module.register_buffer(buffer.name, tensorOf(buffer));
    if (!script.indices.empty())
        module.register_buffer("indices", at::tensor(script.indices));
    for (const auto& [second, first] : script.tied)
        module.register_parameter(second, module.attr(first).toTensor(), false);
    if (script.inDouble)
        inDouble(module);
    module.define("def forward(self, x):\n" + script.body);
    return module;
}

/// A copy in double precision, to differentiate without rounding.
torch::jit::Module exactCopy(const Classifier& classifier)
{
    const auto bytes = *classifier.serialize();
    std::istringstream stream(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    torch::jit::Module module = torch::jit::load(stream);
    module.eval();
    inDouble(module);
    return module;
}

at::Tensor exactInput(const Classifier& classifier, const data::ImageSet& set)
{
    return classifier.impl().normalised(pixelTensor(set)).to(at::kDouble);
}

at::Tensor exactForward(const Classifier& classifier, torch::jit::Module& module, const at::Tensor& input)
{
    const PlainExecution plain(false);
    return module.forward({input}).toTensor().narrow(1, 0, classifier.input().classes);
}

std::vector<double> doubles(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.detach().contiguous();
    return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

} // namespace

void useOneThread()
{
    useThreads(1);
}

void useThreads(int count)
{
    at::set_num_threads(count);
}

void writeScript(const std::filesystem::path& file, const ScriptModel& script)
{
    moduleOf(script).save(file.string());
}

void writeFrozenScript(const std::filesystem::path& file, const ScriptModel& script)
{
    torch::jit::Module module = moduleOf(script);
    module.eval();
    torch::jit::freeze(module).save(file.string());
}

ScriptModel linearScript(std::int64_t classes, std::int64_t inputs, std::vector<float> weight,
                         std::vector<float> bias)
{
    return {.body = "    return torch.linear(torch.flatten(x, 1), self.weight, self.bias)\n",
            .parameters = {{"weight", {classes, inputs}, std::move(weight)},
                           {"bias", {classes}, std::move(bias)}}};
}

std::vector<double> exactLogits(const Classifier& classifier, const data::ImageSet& set)
{
    const at::NoGradGuard noGrad;
    torch::jit::Module module = exactCopy(classifier);
    return doubles(exactForward(classifier, module, exactInput(classifier, set)));
}

std::vector<double> exactDerivatives(const Classifier& classifier, const data::ImageSet& set,
                                     std::span<const float> direction)
{
    torch::jit::Module module = exactCopy(classifier);
    std::vector<at::Tensor> parameters;
    for (const at::Tensor& parameter : module.parameters())
        if (parameter.requires_grad())
            parameters.push_back(parameter);
    const at::Tensor along =
        at::tensor(at::ArrayRef<float>(direction.data(), direction.size())).to(at::kDouble);
    const at::Tensor input = exactInput(classifier, set);
    std::vector<double> derivatives;
    for (std::int64_t row = 0; row < set.size(); ++row) {
        const at::Tensor logits = exactForward(classifier, module, input.narrow(0, row, 1));
        const at::Tensor loss = at::log_softmax(logits, 1)[0][set.labels[static_cast<std::size_t>(row)]];
        double sum = 0.0;
        std::int64_t offset = 0;
        for (const at::Tensor& gradient : torch::autograd::grad({loss}, parameters)) {
            sum += gradient.flatten().dot(along.narrow(0, offset, gradient.numel())).item<double>();
            offset += gradient.numel();
        }
        derivatives.push_back(sum);
    }
    return derivatives;
}

bool flatVectorIsTheModule(const Classifier& classifier)
{
    auto& impl = classifier.impl();
    std::int64_t offset = 0;
    for (const at::Tensor& parameter : impl.module.parameters()) {
        if (!parameter.requires_grad())
            continue;
        const at::Tensor part = impl.flat.values().narrow(0, offset, parameter.numel());
        if (parameter.data_ptr() != part.data_ptr() || !parameter.is_leaf())
            return false;
        offset += parameter.numel();
    }
    return offset == impl.flat.count();
}

bool readsPixelsInPlace(const Classifier& classifier, const data::ImageSet& set)
{
    return classifier.impl().uploaded(pixelTensor(set)).data_ptr() == set.pixels.bytes.data();
}

bool feedsPixelByPixel(const Classifier& classifier, const data::ImageSet& set)
{
    const at::Tensor fed = classifier.impl().normalised(pixelTensor(set));
    return fed.is_contiguous(at::MemoryFormat::ChannelsLast) && !fed.is_contiguous();
}

bool computesInFullPrecision()
{
    return !at::globalContext().allowTF32CuDNN() && !at::globalContext().allowTF32CuBLAS();
}

bool isAtRest(const Classifier& classifier)
{
    auto& impl = classifier.impl();
    for (const at::Tensor& parameter : impl.module.parameters())
        if (parameter.grad().defined())
            return false;
    return !impl.flat.gradient().defined() && !impl.module.is_training();
}

std::vector<float> bufferValues(const Classifier& classifier)
{
    std::vector<float> values;
    for (const at::Tensor& buffer : classifier.impl().module.buffers())
        for (const float value : toVector(buffer))
            values.push_back(value);
    return values;
}

} // namespace culprit::model
