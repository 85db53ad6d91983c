/** A page that breaks says so, and the others go on. */

import { Component } from "react";
import { Failure } from "../parts/failure";

export class Fault extends Component<{ children: React.ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): React.ReactNode {
    if (this.state.error === null) return this.props.children;
    return <Failure error={this.state.error} again={() => location.reload()} />;
  }
}
