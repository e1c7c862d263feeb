# A callback of the caller's steps after backward.
class Learner:
    def __init__(self, model, loss_func, opt, callbacks):
        self.model, self.loss_func, self.opt, self.callbacks = model, loss_func, opt, callbacks

    def __call__(self, event):
        for each in self.callbacks:
            getattr(each, event)(self)

    def all_batches(self, loader):
        for self.xb, self.yb in loader:
            self.opt.zero_grad()
            self.loss = self.loss_func(self.model(self.xb), self.yb)
            self.loss.backward()
            self("after_backward")
            self.losses.append(self.loss.item())
