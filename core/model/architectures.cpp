// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in networks, written as TorchScript source with registered parameters, so that a model trained here is
// a file like any other.
#include "model/classifier_internal.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace culprit::model {

namespace {

/// Collects parameters and the source text of forward() side by side.
class Builder {
public:
    explicit Builder(const std::string& name, std::uint64_t seed)
        : m_module(name), m_generator(seededGenerator(seed))
    {
        m_module.register_attribute("training", c10::BoolType::get(), true);
    }

    void conv(const std::string& name, const std::string& in, const std::string& out, std::int64_t inChannels,
              std::int64_t outChannels, int kernel, int stride, int padding, bool bias)
    {
        const auto fanIn = static_cast<double>(inChannels * kernel * kernel);
        parameter(name + "_weight", {outChannels, inChannels, kernel, kernel}, fanIn);
        if (bias)
            parameter(name + "_bias", {outChannels}, fanIn);
        m_source << "    " << out << " = torch.conv2d(" << in << ", self." << name << "_weight, "
                 << (bias ? "self." + name + "_bias" : "None") << ", [" << stride << ", " << stride << "], [" << padding
                 << ", " << padding << "])\n";
    }

    void batchNorm(const std::string& name, const std::string& value, std::int64_t channels)
    {
        m_module.register_parameter(name + "_weight", at::ones({channels}), false);
        m_module.register_parameter(name + "_bias", at::zeros({channels}), false);
        m_module.register_buffer(name + "_mean", at::zeros({channels}));
        m_module.register_buffer(name + "_var", at::ones({channels}));
        m_source << "    " << value << " = torch.batch_norm(" << value << ", self." << name << "_weight, self." << name
                 << "_bias, self." << name << "_mean, self." << name << "_var, self.training, 0.1, 1e-05, True)\n";
    }

    void linear(const std::string& name, const std::string& in, const std::string& out, std::int64_t inputs,
                std::int64_t outputs)
    {
        parameter(name + "_weight", {outputs, inputs}, static_cast<double>(inputs));
        parameter(name + "_bias", {outputs}, static_cast<double>(inputs));
        m_source << "    " << out << " = torch.linear(" << in << ", self." << name << "_weight, self." << name
                 << "_bias)\n";
    }

    void line(const std::string& statement) { m_source << "    " << statement << "\n"; }

    torch::jit::Module finish()
    {
        m_module.define("def forward(self, x):\n" + m_source.str());
        for (const at::Tensor& parameter : m_module.parameters())
            parameter.set_requires_grad(true);
        return m_module;
    }

private:
    /// Uniform in ±1/√fan-in: what PyTorch's layers start from (He et al. 2015 with a = √5).
    void parameter(const std::string& name, at::IntArrayRef shape, double fanIn)
    {
        const double bound = 1.0 / std::sqrt(fanIn);
        m_module.register_parameter(name, at::empty(shape).uniform_(-bound, bound, m_generator), false);
    }

    torch::jit::Module m_module;
    at::Generator m_generator;
    std::ostringstream m_source;
};

/// The network of Tanno et al. (2022), appendix: two convolutions of 32 filters and a hidden layer of 50.
torch::jit::Module paperCnn(const ModelInput& input, std::uint64_t seed)
{
    Builder net("PaperCnn", seed);
    net.conv("conv1", "x", "x", input.shape.channels, 32, 5, 1, 2, true);
    net.line("x = torch.max_pool2d(torch.relu(x), [2, 2])");
    net.conv("conv2", "x", "x", 32, 32, 5, 1, 2, true);
    net.line("x = torch.flatten(torch.max_pool2d(torch.relu(x), [2, 2]), 1)");
    net.linear("fc1", "x", "x", 32 * (input.shape.height / 2 / 2) * (input.shape.width / 2 / 2), 50);
    net.line("x = torch.relu(x)");
    net.linear("fc2", "x", "x", 50, input.classes);
    net.line("return x");
    return net.finish();
}

void residualBlock(Builder& net, const std::string& name, std::int64_t in, std::int64_t out, int stride)
{
    net.conv(name + "_conv1", "x", "y", in, out, 3, stride, 1, false);
    net.batchNorm(name + "_bn1", "y", out);
    net.line("y = torch.relu(y)");
    net.conv(name + "_conv2", "y", "y", out, out, 3, 1, 1, false);
    net.batchNorm(name + "_bn2", "y", out);
    if (stride != 1 || in != out) {
        net.conv(name + "_down", "x", "x", in, out, 1, stride, 0, false);
        net.batchNorm(name + "_down_bn", "x", out);
    }
    net.line("x = torch.relu(y + x)");
}

/// He et al. (2016) with the 3 × 3 stem used for 32 × 32 images; `widths` a stage each.
torch::jit::Module resNet(const std::string& name, const ModelInput& input, std::initializer_list<std::int64_t> widths,
                          int blocksPerStage, std::uint64_t seed)
{
    Builder net(name, seed);
    std::int64_t width = *widths.begin();
    net.conv("stem", "x", "x", input.shape.channels, width, 3, 1, 1, false);
    net.batchNorm("stem_bn", "x", width);
    net.line("x = torch.relu(x)");
    int stage = 0;
    for (const auto next : widths) {
        for (int block = 0; block < blocksPerStage; ++block) {
            const int stride = stage > 0 && block == 0 ? 2 : 1;
            residualBlock(net, "stage" + std::to_string(stage) + "_" + std::to_string(block), width, next, stride);
            width = next;
        }
        ++stage;
    }
    net.line("x = torch.mean(x, [2, 3])");
    net.linear("fc", "x", "x", width, input.classes);
    net.line("return x");
    return net.finish();
}

/// Two 3 × 3 convolutions; after the first the plane is halved if it is `pooled`.
void plainBlock(Builder& net, const std::string& name, std::int64_t in, std::int64_t out, bool pooled)
{
    net.conv(name + "_conv1", "x", "x", in, out, 3, 1, 1, false);
    if (pooled)
        net.line("x = torch.max_pool2d(x, [2, 2])");
    net.batchNorm(name + "_bn1", "x", out);
    net.line("x = torch.relu(x)");
    net.conv(name + "_conv2", "x", "x", out, out, 3, 1, 1, false);
    net.batchNorm(name + "_bn2", "x", out);
    net.line("x = torch.relu(x)");
}

/// Plain convolutions after Simonyan and Zisserman (2015), laid out as in Jordan (2024, "94% on CIFAR-10
/// in 3.29 Seconds on a Single GPU"): wide where planes are small, which is cheap.
torch::jit::Module vgg7(const ModelInput& input, std::uint64_t seed)
{
    Builder net("Vgg7", seed);
    net.conv("stem", "x", "x", input.shape.channels, 24, 3, 1, 1, false);
    net.batchNorm("stem_bn", "x", 24);
    net.line("x = torch.relu(x)");
    // A plane of one pixel would leave batch normalisation nothing to spread over in a batch of one image.
    const std::int64_t side = std::min(input.shape.height, input.shape.width);
    plainBlock(net, "block0", 24, 32, true);
    plainBlock(net, "block1", 32, 128, true);
    plainBlock(net, "block2", 128, 128, side >= 16);
    net.line("x = torch.amax(x, [2, 3])");
    net.linear("fc", "x", "x", 128, input.classes);
    net.line("return x");
    return net.finish();
}

} // namespace

Expected<Architecture> architectureNamed(std::string_view name)
{
    for (const auto architecture :
         {Architecture::PaperCnn, Architecture::ResNet18, Architecture::ResNet8, Architecture::Vgg7})
        if (nameOf(architecture) == name)
            return architecture;
    return fail(Error::Kind::BadInput, "no architecture is called '" + std::string(name) +
                                           "'; choose paper-cnn, resnet18, resnet8 or vgg7");
}

std::string_view nameOf(Architecture architecture)
{
    switch (architecture) {
    case Architecture::PaperCnn:
        return "paper-cnn";
    case Architecture::ResNet18:
        return "resnet18";
    case Architecture::ResNet8:
        return "resnet8";
    case Architecture::Vgg7:
        return "vgg7";
    }
    return "?";
}

torch::jit::Module buildModule(Architecture architecture, const ModelInput& input, std::uint64_t seed)
{
    switch (architecture) {
    case Architecture::ResNet18:
        return resNet("ResNet18", input, {64, 128, 256, 512}, 2, seed);
    case Architecture::ResNet8:
        return resNet("ResNet8", input, {16, 32, 64}, 1, seed);
    case Architecture::Vgg7:
        return vgg7(input, seed);
    default:
        return paperCnn(input, seed);
    }
}

} // namespace culprit::model
